package dev.fewtune.leaderboard;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The columns and footnotes that the tables for people share. */
final class Columns {
    private static final String CONTROL = " †";
    private static final String CACHED = "*";

    private Columns() {}

    static List<Column> of(Table table) {
        Measure measure = Measure.of(table.metric());
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("method", false, 99, Columns::name));
        table.rows().stream()
                .flatMap(row -> row.axes().keySet().stream())
                .distinct()
                .forEach(axis ->
                        columns.add(new Column(axis, true, 98, row -> row.axes().getOrDefault(axis, Numbers.ABSENT))));
        columns.add(new Column(table.metric(), true, 98, row -> Numbers.score(row.mean(), row.sd(), measure)));
        columns.add(new Column("n", true, 97, row -> trained(row, Integer.toString(row.n()))));
        columns.add(new Column("vs head-only", true, 96, row -> Numbers.difference(row.overHead(), measure)));
        table.baseline()
                .ifPresent(name -> columns.add(
                        new Column("vs " + name, true, 95, row -> Numbers.difference(row.overBaseline(), measure))));
        columns.add(new Column(
                "own params", true, 94, row -> parameters(row, row.parameters().method())));
        columns.add(new Column(
                "norms", true, 40, row -> parameters(row, row.parameters().norms())));
        columns.add(new Column(
                "head", true, 41, row -> parameters(row, row.parameters().head())));
        columns.add(new Column(
                "all params", true, 93, row -> parameters(row, row.parameters().total())));
        columns.add(new Column("train s", true, 92, Columns::trainSeconds));
        columns.add(new Column(
                "train/s", true, 70, row -> Numbers.amount(row.costs().trainExamplesPerSecond())));
        columns.add(new Column(
                "infer/s", true, 80, row -> Numbers.amount(row.costs().inferenceExamplesPerSecond())));
        columns.add(
                new Column("peak", true, 85, row -> Numbers.bytes(row.costs().peakMemoryBytes())));
        columns.add(
                new Column("adapter", true, 60, row -> Numbers.bytes(row.costs().adapterBytes())));
        columns.add(new Column("lr", true, 50, row -> Numbers.rate(row.learningRate())));
        DoubleSummaryStatistics range = table.rows().stream()
                .flatMap(row -> row.curve().stream())
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        columns.add(
                new Column("curve", false, 90, row -> Numbers.sparkline(row.curve(), range.getMin(), range.getMax())));
        return columns;
    }

    static String title(Table table) {
        return "%s on %s (%s, %s)".formatted(table.backbone(), table.task(), table.metric(), table.split());
    }

    /** What must be known to read the table, one sentence or two each. */
    static List<String> footnotes(Table table) {
        List<String> lines = new ArrayList<>();
        lines.add(sizes(table)
                + (Measure.of(table.metric()).lowerIsBetter() ? " Less is better" : " Scores are times 100")
                + ": mean ± standard deviation over n seeds.");
        table.standardError()
                .ifPresent(error -> lines.add(String.format(
                        Locale.ROOT,
                        "Standard error of one score, from the size of %s: %.1f points.",
                        table.split(),
                        100 * error)));
        if (table.rows().stream().anyMatch(row -> row.kind() == Row.Kind.CONTROL)) {
            lines.add("† control row.");
        }
        if (table.rows().stream().anyMatch(Row::cached)) {
            lines.add("* measured in an earlier run.");
        }
        lines.addAll(table.notes());
        for (Row row : table.rows()) {
            row.notApplicable()
                    .ifPresent(reason -> lines.add("%s: not applicable: %s".formatted(row.variant(), reason)));
            row.notes().stream()
                    .map(note -> alone(table, note) ? row.variant() + ": " + note : note)
                    .forEach(lines::add);
        }
        return lines.stream().distinct().toList();
    }

    private static String sizes(Table table) {
        return "%s train, %s validation, %s %s."
                .formatted(
                        Numbers.count(table.trainSize()),
                        Numbers.count(table.validationSize()),
                        Numbers.count(table.testSize()),
                        table.split());
    }

    private static boolean alone(Table table, String note) {
        return table.rows().stream().filter(row -> row.notes().contains(note)).count() == 1;
    }

    private static String name(Row row) {
        return switch (row.kind()) {
            case METHOD -> row.variant();
            case CONTROL -> row.variant() + CONTROL;
            case MAJORITY -> "(" + row.variant() + ")";
        };
    }

    private static String trained(Row row, String text) {
        return row.n() == 0 ? Numbers.ABSENT : text;
    }

    private static String parameters(Row row, long count) {
        return trained(row, Numbers.count(count));
    }

    private static String trainSeconds(Row row) {
        OptionalDouble seconds = row.costs().trainSeconds();
        return Numbers.amount(seconds) + (row.cached() && seconds.isPresent() ? CACHED : "");
    }
}
