package dev.fewtune.corpus;

import dev.fewtune.spec.KeyedRandom;

/** Takes tokens out of a block of text; the network has to find them again. */
public interface Noise {
    /** Tokens of a block of which the result has at most {@code length} tokens of input. */
    int blockLength(int length);

    /** The most tokens of a target, for an input of at most {@code length} tokens. */
    int targetLength(int length);

    /** Whether a token of a target belongs to the form and not to the text. */
    boolean marks(int token);

    /** @param block token numbers, without special tokens */
    Noised of(int[] block, KeyedRandom random);
}
