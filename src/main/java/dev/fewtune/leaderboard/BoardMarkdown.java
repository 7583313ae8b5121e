package dev.fewtune.leaderboard;

import java.util.List;
import java.util.stream.Collectors;

/** A board as GitHub-flavoured Markdown. */
final class BoardMarkdown {
    private BoardMarkdown() {}

    static String write(Board board) {
        if (board.tables().isEmpty()) {
            return "No scores yet.\n";
        }
        return board.tables().stream().map(BoardMarkdown::table).collect(Collectors.joining("\n"));
    }

    private static String table(Table table) {
        List<Column> columns = Columns.of(table);
        StringBuilder text =
                new StringBuilder("### ").append(escape(Columns.title(table))).append("\n\n");
        text.append(line(columns.stream().map(column -> escape(column.title())).toList()));
        text.append(line(
                columns.stream().map(column -> column.right() ? "---:" : "---").toList()));
        for (Row row : table.rows()) {
            text.append(line(columns.stream()
                    .map(column -> escape(column.cell().apply(row)))
                    .toList()));
        }
        text.append('\n');
        Columns.footnotes(table)
                .forEach(note -> text.append("- ").append(escape(note)).append('\n'));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String escape(String text) {
        return text.replaceAll("\\s+", " ")
                .replaceAll("([\\\\`*_\\[\\]|#~])", "\\\\$1")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
