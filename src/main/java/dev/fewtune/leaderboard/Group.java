package dev.fewtune.leaderboard;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The scores of one row.
 *
 * @param axes what tells it from rows of the same name
 * @param first decides what all of them share
 * @param bySeed the finite ones
 */
record Group(
        Map<String, String> axes,
        Score first,
        boolean control,
        SortedMap<Long, Score> bySeed,
        Set<String> notes,
        Optional<String> notApplicable) {

    static Group of(List<Score> scores, Map<String, String> axes) {
        SortedMap<Long, Score> bySeed = new TreeMap<>();
        Set<String> notes = new LinkedHashSet<>();
        Optional<String> reason = Optional.empty();
        for (Score score : scores) {
            notes.addAll(score.notes());
            if (score.notApplicable() != null) {
                reason = Optional.of(score.notApplicable());
            } else if (!Double.isFinite(score.value())) {
                notes.add("Seed %s gave %s, which is no score; it is left out.".formatted(score.seed(), score.value()));
            } else if (bySeed.put(score.seed(), score) != null) {
                notes.add("Seed %s was scored more than once; the latest counts.".formatted(score.seed()));
            }
        }
        if (bySeed.isEmpty() && reason.isEmpty()) {
            reason = Optional.of("no seed gave a finite score");
        }
        if (!bySeed.isEmpty()) {
            reason.ifPresent(text -> notes.add("Not every seed has a score: " + text));
            reason = Optional.empty();
        }
        return new Group(axes, scores.get(0), scores.stream().anyMatch(Score::control), bySeed, notes, reason);
    }

    Row row(Optional<Group> head, Optional<Group> baseline) {
        double[] values = doubles(Score::value);
        return new Row(
                first.variant(),
                first.method(),
                axes,
                control ? Row.Kind.CONTROL : Row.Kind.METHOD,
                Statistics.mean(values),
                Statistics.standardDeviation(values),
                List.copyOf(bySeed.keySet()),
                new Parameters(first.methodParameters(), first.normParameters(), first.headParameters()),
                costs(),
                first.learningRate() > 0 ? OptionalDouble.of(first.learningRate()) : OptionalDouble.empty(),
                curve(),
                head.flatMap(this::over),
                baseline.flatMap(this::over),
                List.copyOf(notes),
                notApplicable,
                bySeed.values().stream().anyMatch(Score::cached),
                origins(Score::trainedOn),
                origins(Score::scoredOn));
    }

    /** Whether no axis that both have tells them apart. */
    boolean agrees(Group other) {
        return axes.entrySet().stream()
                .allMatch(axis ->
                        other.axes.getOrDefault(axis.getKey(), axis.getValue()).equals(axis.getValue()));
    }

    private List<Origin> origins(Function<Score, Origin> of) {
        return bySeed.values().stream()
                .map(of)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private Costs costs() {
        return new Costs(
                Statistics.mean(doubles(Score::trainSeconds)),
                Statistics.mean(doubles(Score::trainExamplesPerSecond)),
                Statistics.mean(doubles(Score::inferenceExamplesPerSecond)),
                largest(Score::peakMemoryBytes),
                largest(Score::adapterBytes));
    }

    /** Ends where the shortest curve ends, so that each point is a mean over the same seeds. */
    private List<Double> curve() {
        int length = bySeed.values().stream()
                .mapToInt(score -> score.curve().size())
                .min()
                .orElse(0);
        List<Double> means = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            int epoch = i;
            OptionalDouble mean = Statistics.mean(doubles(score -> score.curve().get(epoch)));
            if (mean.isEmpty()) {
                break;
            }
            means.add(mean.getAsDouble());
        }
        return means;
    }

    private Optional<Difference> over(Group other) {
        if (other == this) {
            return Optional.empty();
        }
        double factor = Measure.of(first.metric()).factor();
        double[] points = bySeed.keySet().stream()
                .filter(other.bySeed::containsKey)
                .mapToDouble(seed -> factor
                        * (bySeed.get(seed).value() - other.bySeed.get(seed).value()))
                .toArray();
        OptionalDouble mean = Statistics.mean(points);
        return mean.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Difference(mean.getAsDouble(), Statistics.standardErrorOfMean(points), points.length));
    }

    private double[] doubles(ToDoubleFunction<Score> of) {
        return bySeed.values().stream().mapToDouble(of).toArray();
    }

    private long largest(ToLongFunction<Score> of) {
        return bySeed.values().stream().mapToLong(of).max().orElse(0);
    }
}
