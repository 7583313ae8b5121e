package dev.fewtune.corpus;

/**
 * What a network reads of a block, and what it has to say.
 *
 * @param input token numbers
 * @param target token numbers; of the text to be written, or as long as {@code input} with {@link #NOTHING} where
 *     nothing is asked
 */
public record Noised(int[] input, int[] target) {
    /** No target here. */
    public static final int NOTHING = -100;
}
