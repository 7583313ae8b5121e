package dev.fewtune.leaderboard;

import java.util.List;

/**
 * A table as texts, for pages.
 *
 * @param footnotes what must be known to read it
 */
public record Sheet(String title, List<Heading> headings, List<Line> lines, List<String> footnotes) {
    /** @param right whether its cells are aligned to the right */
    public record Heading(String title, boolean right) {}

    /** @param kind method, control or majority */
    public record Line(String kind, List<Text> cells) {}

    /** One cell of a line. */
    public record Text(String text, boolean right) {}

    public Sheet {
        headings = List.copyOf(headings);
        lines = List.copyOf(lines);
        footnotes = List.copyOf(footnotes);
    }

    /** All columns, rounded as in the exports for people. */
    public static Sheet of(Table table) {
        List<Column> columns = Columns.of(table);
        return new Sheet(
                Columns.title(table),
                columns.stream()
                        .map(column -> new Heading(column.title(), column.right()))
                        .toList(),
                table.rows().stream()
                        .map(row -> new Line(
                                row.kind().label(),
                                columns.stream()
                                        .map(column -> new Text(column.cell().apply(row), column.right()))
                                        .toList()))
                        .toList(),
                Columns.footnotes(table));
    }
}
