package dev.fewtune.workflow;

/**
 * One thing that is wrong with a workflow, and where.
 *
 * @param line from 1
 * @param column from 1
 * @param code a fixed word for programs, such as {@code unknown-method}
 * @param message one sentence with the values
 * @param excerpt the line and a caret under the column, joined by a line feed; empty where there is no such line
 * @param maybe advice, or an empty text
 */
public record Problem(String file, int line, int column, String code, String message, String excerpt, String maybe) {
    private static final String INDENT = "  ";

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%s:%d:%d: %s [%s]".formatted(file, line, column, message, code));
        excerpt.lines().forEach(part -> text.append('\n').append(INDENT).append(part));
        if (!maybe.isEmpty()) {
            text.append('\n').append(INDENT).append("Maybe: ").append(maybe);
        }
        return text.toString();
    }
}
