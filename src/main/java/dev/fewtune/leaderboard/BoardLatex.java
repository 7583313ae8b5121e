package dev.fewtune.leaderboard;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A board as LaTeX tables; they need the package booktabs. Curves are left to the JSON export. */
final class BoardLatex {
    private static final Map<Integer, String> ESCAPES = Map.ofEntries(
            Map.entry((int) '\\', "\\textbackslash{}"),
            Map.entry((int) '~', "\\textasciitilde{}"),
            Map.entry((int) '^', "\\textasciicircum{}"),
            Map.entry((int) '<', "\\textless{}"),
            Map.entry((int) '>', "\\textgreater{}"),
            Map.entry((int) '±', "$\\pm$"),
            Map.entry((int) '†', "\\dag{}"),
            Map.entry((int) '–', "--"),
            Map.entry((int) '…', "\\ldots{}"),
            Map.entry((int) '\n', " "),
            Map.entry((int) '\r', " "));

    private BoardLatex() {}

    static String write(Board board) {
        if (board.tables().isEmpty()) {
            return "% No scores yet.\n";
        }
        return "% \\usepackage{booktabs}\n"
                + board.tables().stream().map(BoardLatex::table).collect(Collectors.joining("\n"));
    }

    private static String table(Table table) {
        List<Column> columns = Columns.of(table).stream()
                .filter(column -> !column.title().equals("curve"))
                .toList();
        String alignment =
                columns.stream().map(column -> column.right() ? "r" : "l").collect(Collectors.joining());
        StringBuilder text = new StringBuilder("\\begin{table}\n\\centering\n\\begin{tabular}{")
                .append(alignment)
                .append("}\n\\toprule\n");
        text.append(line(columns.stream().map(Column::title).toList())).append("\\midrule\n");
        for (Row row : table.rows()) {
            text.append(line(
                    columns.stream().map(column -> column.cell().apply(row)).toList()));
        }
        return text.append("\\bottomrule\n\\end{tabular}\n\\caption{")
                .append(escape(Columns.title(table) + ". " + String.join(" ", Columns.footnotes(table))))
                .append("}\n\\end{table}\n")
                .toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().map(BoardLatex::escape).collect(Collectors.joining(" & ", "", " \\\\\n"));
    }

    private static String escape(String text) {
        return text.codePoints().mapToObj(BoardLatex::escape).collect(Collectors.joining());
    }

    private static String escape(int point) {
        return "&%$#_{}".indexOf(point) >= 0
                ? "\\" + Character.toString(point)
                : ESCAPES.getOrDefault(point, Character.toString(point));
    }
}
