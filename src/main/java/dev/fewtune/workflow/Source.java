package dev.fewtune.workflow;

import java.util.List;

/** The text of a workflow, for excerpts. */
record Source(String file, List<String> lines) {
    private static final int WIDTH = 160;

    static Source of(String file, String text) {
        return new Source(file, text.lines().toList());
    }

    Problem problem(Mark at, String code, String message, String maybe) {
        return new Problem(file, at.line(), at.column(), code, message, excerpt(at), maybe);
    }

    private String excerpt(Mark at) {
        if (at.line() > lines.size()) {
            return "";
        }
        String line = lines.get(at.line() - 1);
        int column = Math.min(at.column() - 1, line.length());
        int from = Math.max(0, column - WIDTH / 2);
        String shown =
                line.substring(from, Math.min(line.length(), from + WIDTH)).replaceAll("\\p{Cntrl}", " ");
        return shown + "\n" + " ".repeat(column - from) + "^";
    }
}
