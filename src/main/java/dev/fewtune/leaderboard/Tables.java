package dev.fewtune.leaderboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
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
        List<Group> groups =
                by(scores, Training::of).values().stream().map(Group::of).toList();
        Optional<Group> head = head(groups);
        Optional<Group> base = baseline.flatMap(name -> find(groups, name));
        OptionalDouble majority = scores.stream()
                .mapToDouble(Score::majority)
                .filter(Double::isFinite)
                .findFirst();
        List<Row> rows = rows(groups, head, base, majority);
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
                base.map(group -> group.first().variant()),
                rows,
                notes(first, head, baseline, base, siblings));
    }

    /** The control cell that Fewtune adds comes before a row of the user's own. */
    private static Optional<Group> head(List<Group> groups) {
        return groups.stream()
                .filter(group -> group.first().method().equals(HEAD_ONLY)
                        && !group.bySeed().isEmpty())
                .max(Comparator.comparing(Group::control));
    }

    private static Optional<Group> find(List<Group> groups, String variant) {
        return groups.stream()
                .filter(group -> group.first().variant().equals(variant)
                        && !group.bySeed().isEmpty())
                .findFirst();
    }

    private static List<Row> rows(
            List<Group> groups, Optional<Group> head, Optional<Group> baseline, OptionalDouble majority) {
        List<Row> rows = new ArrayList<>();
        groups.forEach(group -> rows.add(group.row(head, baseline)));
        majority.ifPresent(score -> rows.add(Row.majority(score)));
        rows.sort(bestFirst(Measure.of(groups.get(0).first().metric())));
        return rows;
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
            Score first, Optional<Group> head, Optional<String> asked, Optional<Group> found, int siblings) {
        List<String> notes = new ArrayList<>();
        if (siblings > 1) {
            notes.add(
                    "The scores of %s on %s stand in %s tables, because they differ in more than the method (data, sizes or training settings): they must not be compared."
                            .formatted(first.backbone(), first.task(), siblings));
        }
        if (head.isEmpty()) {
            notes.add("There is no score of head-only here, so the gain over it is not known.");
        }
        if (asked.isPresent() && found.isEmpty()) {
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
    private record Training(String variant, String method, long parameters, double learningRate) {
        static Training of(Score score) {
            return new Training(
                    score.variant(),
                    score.method(),
                    score.methodParameters() + score.normParameters() + score.headParameters(),
                    score.learningRate());
        }
    }
}
