package dev.fewtune.leaderboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Sorts scores into tables and rows. */
final class Tables {
    private static final String HEAD_ONLY = "head-only";

    private Tables() {}

    static List<Table> of(List<Score> scores, Optional<String> baseline) {
        List<Table> tables = new ArrayList<>();
        for (List<Score> question : by(scores, Question::of).values()) {
            Map<String, List<Score>> comparable = by(question, Score::comparability);
            for (List<Score> rows : comparable.values()) {
                tables.add(table(rows, baseline, comparable.size()));
            }
        }
        return tables;
    }

    private static <K> Map<K, List<Score>> by(List<Score> scores, Function<Score, K> key) {
        return scores.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    private static Table table(List<Score> scores, Optional<String> baseline, int siblings) {
        List<Group> groups = Apart.groups(List.copyOf(by(scores, Training::of).values()));
        List<Group> heads = heads(groups);
        List<Group> bases = baseline.map(
                        name -> scored(groups, score -> score.variant().equals(name)))
                .orElse(List.of());
        OptionalDouble majority = scores.stream()
                .mapToDouble(Score::majority)
                .filter(Double::isFinite)
                .findFirst();
        List<Row> rows = rows(groups, heads, bases, majority);
        Score first = scores.get(0);
        return new Table(
                first.backbone(),
                first.task(),
                first.split(),
                first.metric(),
                first.comparability(),
                first.trainSize(),
                first.validationSize(),
                first.testSize(),
                majority,
                standardError(first, rows),
                baseline.filter(name -> !bases.isEmpty()),
                rows,
                notes(first, heads, baseline, bases, siblings));
    }

    /** A control cell that Fewtune adds comes before a row of the user's own. */
    private static List<Group> heads(List<Group> groups) {
        return scored(groups, score -> score.method().equals(HEAD_ONLY)).stream()
                .sorted(Comparator.comparing(Group::control).reversed())
                .toList();
    }

    private static List<Group> scored(List<Group> groups, Predicate<Score> what) {
        return groups.stream()
                .filter(group -> what.test(group.first()) && !group.bySeed().isEmpty())
                .toList();
    }

    private static List<Row> rows(List<Group> groups, List<Group> heads, List<Group> bases, OptionalDouble majority) {
        String metric = groups.get(0).first().metric();
        List<Row> rows = new ArrayList<>();
        groups.forEach(group -> rows.add(group.row(beside(group, heads), beside(group, bases))));
        majority.ifPresent(score -> rows.add(Row.majority(Measure.constant(metric), score)));
        rows.sort(bestFirst(Measure.of(metric)));
        return rows;
    }

    /** The one to compare with: of the same learning rate and so on, as far as both have an axis of it. */
    private static Optional<Group> beside(Group group, List<Group> others) {
        return others.stream().filter(group::agrees).findFirst();
    }

    private static Comparator<Row> bestFirst(Measure measure) {
        return Comparator.comparingDouble((Row row) ->
                        row.mean().isPresent() ? measure.rank(row.mean().getAsDouble()) : Double.POSITIVE_INFINITY)
                .thenComparing(Row::variant);
    }

    private static OptionalDouble standardError(Score first, List<Row> rows) {
        OptionalDouble best = rows.stream()
                .filter(row -> row.kind() != Row.Kind.MAJORITY)
                .flatMapToDouble(row -> row.mean().stream())
                .max();
        return Measure.isShare(first.metric()) && best.isPresent()
                ? Statistics.standardErrorOfShare(best.getAsDouble(), first.testSize())
                : OptionalDouble.empty();
    }

    private static List<String> notes(
            Score first, List<Group> heads, Optional<String> asked, List<Group> bases, int siblings) {
        List<String> notes = new ArrayList<>();
        if (siblings > 1) {
            notes.add(
                    "The scores of %s on %s stand in %s tables, because they differ in more than the method (data, sizes or training settings): they must not be compared."
                            .formatted(first.backbone(), first.task(), siblings));
        }
        if (heads.isEmpty()) {
            notes.add("There is no score of head-only here, so the gain over it is not known.");
        }
        if (asked.isPresent() && bases.isEmpty()) {
            notes.add(
                    "There is no score of the baseline (%s) here, so no row is compared to it.".formatted(asked.get()));
        }
        return notes;
    }

    private record Question(String backbone, String task, String split, String metric) {
        static Question of(Score score) {
            return new Question(score.backbone(), score.task(), score.split(), score.metric());
        }
    }

    /** Seeds of different trainings never share a mean, even where the variant's name is the same. */
    private record Training(
            String variant,
            String method,
            Map<String, Object> settings,
            Map<String, String> axes,
            long parameters,
            double learningRate) {
        static Training of(Score score) {
            return new Training(
                    score.variant(),
                    score.method(),
                    score.settings(),
                    score.axes(),
                    score.methodParameters() + score.normParameters() + score.headParameters(),
                    score.learningRate());
        }
    }
}
