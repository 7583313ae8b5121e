package dev.fewtune.workflow;

import java.util.regex.Pattern;

/**
 * What names and values that are shown may look like. The patterns say the same in Java and in a JSON Schema.
 *
 * @param pattern of the whole text
 * @param longest in characters
 * @param says what the pattern asks for
 */
record Names(String pattern, int longest, String says) {
    /** White space, control characters, and those that are unseen or turn the direction of writing. */
    private static final String UNSEEN =
            "\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff";

    private static final int SHOWN = 20;
    private static final String KEY_SIGNS = ",=\\[\\]";

    /** Of a workflow. */
    static final Names WORKFLOW = shown("", 200, "neither control characters nor a space at its ends");

    /** Of a step. */
    static final Names STEP =
            new Names("^[A-Za-z][A-Za-z0-9_-]*$", 50, "letters, digits, - and _, with a letter first");

    /** Of an input or an axis, which expressions name. */
    static final Names WORD =
            new Names("^[A-Za-z_][A-Za-z0-9_-]*$", 50, "letters, digits, - and _, with a letter or _ first");

    /** Of a task or a variant, and any value of an axis: the key of a cell shows it. */
    static final Names VALUE = shown(
            KEY_SIGNS,
            80,
            "none of , = [ ] (they part the key of a cell), no control characters and no space at its ends");

    private static Names shown(String forbidden, int longest, String says) {
        String inside = "[^" + UNSEEN + forbidden + "]";
        String end = "[^\\s" + UNSEEN + forbidden + "]";
        return new Names("^%s(%s*%s)?$".formatted(end, inside, end), longest, says);
    }

    /**
     * Whether a text is legal; else a problem says why.
     *
     * @param what it is, such as {@code the name of a step}
     */
    boolean check(String text, String what, Mark at, Problems problems) {
        if (text.length() > longest) {
            problems.add(
                    at,
                    "name",
                    "%s may have %d characters, but '%s…' has %d"
                            .formatted(what, longest, text.substring(0, SHOWN), text.length()));
            return false;
        }
        if (!Pattern.matches(pattern, text)) {
            problems.add(at, "name", "%s, '%s', must have %s".formatted(what, text, says));
            return false;
        }
        return true;
    }
}
