package dev.fewtune.leaderboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A board for the terminal: aligned columns, at most 120 characters wide. */
public final class BoardText {
    public static final int WIDTH = 120;
    private static final int LONGEST_CELL = 24;
    private static final String GAP = "  ";

    private BoardText() {}

    /** Lines end with a line feed. Columns that do not fit are named below the table. */
    public static String write(Board board) {
        if (board.tables().isEmpty()) {
            return "No scores yet.\n";
        }
        return board.tables().stream().map(BoardText::table).collect(Collectors.joining("\n"));
    }

    private static String table(Table table) {
        List<Column> columns = new ArrayList<>(Columns.of(table));
        List<String> left = new ArrayList<>();
        while (width(table, columns) > WIDTH) {
            Column least = columns.stream()
                    .min(Comparator.comparingInt(Column::weight))
                    .orElseThrow();
            columns.remove(least);
            left.add(least.title());
        }
        StringBuilder text = new StringBuilder();
        wrap(text, Columns.title(table), "");
        text.append(line(table, columns, columns.stream().map(BoardText::title).toList()));
        text.append("─".repeat(width(table, columns))).append('\n');
        for (Row row : table.rows()) {
            text.append(line(table, columns, cells(row, columns)));
        }
        List<String> notes = new ArrayList<>(Columns.footnotes(table));
        if (!left.isEmpty()) {
            notes.add("Left out for width, but in every export: " + String.join(", ", left) + ".");
        }
        notes.forEach(note -> wrap(text, note, "  "));
        return text.toString();
    }

    private static int width(Table table, List<Column> columns) {
        return columns.stream().mapToInt(column -> width(table, column)).sum() + GAP.length() * (columns.size() - 1);
    }

    private static int width(Table table, Column column) {
        return table.rows().stream()
                .mapToInt(row -> length(cell(row, column)))
                .reduce(length(title(column)), Math::max);
    }

    private static String line(Table table, List<Column> columns, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            String fill = " ".repeat(width(table, column) - length(cells.get(i)));
            line.append(column.right() ? fill + cells.get(i) : cells.get(i) + fill)
                    .append(GAP);
        }
        return line.toString().stripTrailing() + "\n";
    }

    private static List<String> cells(Row row, List<Column> columns) {
        return columns.stream().map(column -> cell(row, column)).toList();
    }

    private static String title(Column column) {
        return cut(printable(column.title()));
    }

    private static String cell(Row row, Column column) {
        return cut(printable(column.cell().apply(row)));
    }

    private static String cut(String text) {
        return length(text) <= LONGEST_CELL
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_CELL - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Names and notes come from files: a control character in them must not steer the terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void wrap(StringBuilder out, String text, String hanging) {
        StringBuilder line = new StringBuilder();
        for (String word : printable(text).strip().split(" +")) {
            if (!line.isEmpty() && length(line + " " + word) > WIDTH) {
                out.append(line).append('\n');
                line = new StringBuilder(hanging).append(word);
                continue;
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        out.append(line).append('\n');
    }
}
