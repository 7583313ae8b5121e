package dev.fewtune.leaderboard;

/** A board as a file. */
public final class BoardExports {
    private BoardExports() {}

    /** Numbers are written the same in every locale; TEXT, MARKDOWN and LATEX round, JSON and CSV do not. */
    public static String write(Board board, Format format) {
        return switch (format) {
            case TEXT -> BoardText.write(board);
            case JSON -> BoardJson.write(board);
            case CSV -> BoardCsv.write(board);
            case MARKDOWN -> BoardMarkdown.write(board);
            case LATEX -> BoardLatex.write(board);
        };
    }
}
