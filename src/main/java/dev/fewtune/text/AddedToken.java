package dev.fewtune.text;

/**
 * A token that is found in a text before the model splits it.
 *
 * @param special whether it has a meaning and no text, so that decoding may leave it out
 * @param stripLeft whether it takes the spaces before it along
 * @param stripRight whether it takes the spaces behind it along
 * @param normalized whether it is looked for in the normalized text
 * @param wholeWord whether it must not touch letters
 */
record AddedToken(
        int id,
        String content,
        boolean special,
        boolean stripLeft,
        boolean stripRight,
        boolean normalized,
        boolean wholeWord) {

    /** Found as it is written, wherever it stands. */
    AddedToken(int id, String content, boolean special) {
        this(id, content, special, false, false, false, false);
    }
}
