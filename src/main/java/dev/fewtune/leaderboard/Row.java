package dev.fewtune.leaderboard;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One line of a table: one variant over its seeds.
 *
 * @param variant the row's name
 * @param axes what tells it from rows of the same name, such as lr to 0.001
 * @param mean of the metric over seeds; absent where there is no score
 * @param sd sample standard deviation over seeds; absent below two seeds
 * @param seeds with a score, ascending
 * @param learningRate the peak; absent where nothing was learnt by gradient
 * @param curve mean over seeds of the score on validation, by epoch
 * @param overHead gain over the head-only row; absent on that row itself and where there is none
 * @param overBaseline difference to the baseline of the board; absent on that row itself and where there is none
 * @param notes without repetition
 * @param notApplicable why there is no score
 * @param cached whether some of its times were measured in an earlier run
 * @param trainedOn versions and machines of its trainings, each once
 * @param scoredOn versions and machines that made its scores, each once
 */
public record Row(
        String variant,
        String method,
        Map<String, String> axes,
        Kind kind,
        OptionalDouble mean,
        OptionalDouble sd,
        List<Long> seeds,
        Parameters parameters,
        Costs costs,
        OptionalDouble learningRate,
        List<Double> curve,
        Optional<Difference> overHead,
        Optional<Difference> overBaseline,
        List<String> notes,
        Optional<String> notApplicable,
        boolean cached,
        List<Origin> trainedOn,
        List<Origin> scoredOn) {
    /** MAJORITY gives one answer for all: the most frequent class of train, or the mean of its numbers. */
    public enum Kind {
        METHOD,
        CONTROL,
        MAJORITY;

        /** The name in lower case, as exported. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Row {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
        trainedOn = List.copyOf(trainedOn);
        scoredOn = List.copyOf(scoredOn);
        seeds = List.copyOf(seeds);
        curve = List.copyOf(curve);
        notes = List.copyOf(notes);
        if (mean.isPresent() && !Double.isFinite(mean.getAsDouble())) {
            throw new IllegalArgumentException(
                    "The mean (%s) of %s must be a finite number.".formatted(mean.getAsDouble(), variant));
        }
    }

    /** Number of seeds with a score. */
    public int n() {
        return seeds.size();
    }

    static Row majority(String name, double score) {
        return new Row(
                name,
                name,
                Map.of(),
                Kind.MAJORITY,
                OptionalDouble.of(score),
                OptionalDouble.empty(),
                List.of(),
                Parameters.NONE,
                Costs.NONE,
                OptionalDouble.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                List.of(),
                List.of());
    }
}
