package dev.fewtune.leaderboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A board as CSV (RFC 4180: comma, CRLF), one line per row of every table, numbers unrounded, absent ones empty. A text
 * that a spreadsheet would take for a formula gets an apostrophe in front.
 */
final class BoardCsv {
    private static final List<String> HEADER = List.of(
            "backbone",
            "task",
            "split",
            "metric",
            "comparability",
            "variant",
            "method",
            "axes",
            "kind",
            "mean",
            "sd",
            "n",
            "seeds",
            "over_head_points",
            "over_head_standard_error",
            "over_baseline_points",
            "over_baseline_standard_error",
            "method_parameters",
            "norm_parameters",
            "head_parameters",
            "total_parameters",
            "train_seconds",
            "train_examples_per_second",
            "inference_examples_per_second",
            "peak_memory_bytes",
            "adapter_bytes",
            "learning_rate",
            "curve",
            "train_size",
            "validation_size",
            "test_size",
            "majority",
            "standard_error",
            "cached",
            "not_applicable",
            "notes");

    private BoardCsv() {}

    static String write(Board board) {
        StringBuilder text = new StringBuilder(String.join(",", HEADER)).append("\r\n");
        for (Table table : board.tables()) {
            for (Row row : table.rows()) {
                text.append(String.join(",", cells(table, row))).append("\r\n");
            }
        }
        return text.toString();
    }

    private static List<String> cells(Table table, Row row) {
        List<String> cells = new ArrayList<>();
        for (String text : List.of(table.backbone(), table.task(), table.split(), table.metric())) {
            cells.add(text(text));
        }
        cells.add(text(table.comparability()));
        cells.add(text(row.variant()));
        cells.add(text(row.method()));
        cells.add(text(row.axes().entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "))));
        cells.add(row.kind().label());
        cells.add(number(row.mean()));
        cells.add(number(row.sd()));
        cells.add(Integer.toString(row.n()));
        cells.add(spaced(row.seeds()));
        difference(cells, row.overHead());
        difference(cells, row.overBaseline());
        cells.add(Long.toString(row.parameters().method()));
        cells.add(Long.toString(row.parameters().norms()));
        cells.add(Long.toString(row.parameters().head()));
        cells.add(Long.toString(row.parameters().total()));
        cells.add(number(row.costs().trainSeconds()));
        cells.add(number(row.costs().trainExamplesPerSecond()));
        cells.add(number(row.costs().inferenceExamplesPerSecond()));
        cells.add(Long.toString(row.costs().peakMemoryBytes()));
        cells.add(Long.toString(row.costs().adapterBytes()));
        cells.add(number(row.learningRate()));
        cells.add(spaced(row.curve()));
        cells.add(Integer.toString(table.trainSize()));
        cells.add(Integer.toString(table.validationSize()));
        cells.add(Integer.toString(table.testSize()));
        cells.add(number(table.majority()));
        cells.add(number(table.standardError()));
        cells.add(Boolean.toString(row.cached()));
        cells.add(text(row.notApplicable().orElse("")));
        cells.add(text(notes(table, row)));
        return cells;
    }

    private static String notes(Table table, Row row) {
        List<String> notes = new ArrayList<>(table.notes());
        notes.addAll(row.notes());
        return String.join(" ", notes);
    }

    private static void difference(List<String> cells, Optional<Difference> difference) {
        cells.add(difference.map(value -> Double.toString(value.points())).orElse(""));
        cells.add(difference.map(value -> number(value.standardError())).orElse(""));
    }

    private static String number(OptionalDouble value) {
        return value.isEmpty() ? "" : Double.toString(value.getAsDouble());
    }

    private static String spaced(List<? extends Number> values) {
        return values.stream().map(Number::toString).collect(Collectors.joining(" "));
    }

    private static String text(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("(?s).*[,\"\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
