package dev.fewtune.train;

import java.util.List;

/**
 * What a model says to the examples of a split, in their order.
 *
 * @param outputs [example][numbers]: the scores of the classes or one value of a regression; where texts are written,
 *     the logarithm of the likelihood of the right text, its number of tokens and the mean
 *     logarithm of the whole vocabulary
 * @param written tokens of the texts that were written, an end included; empty where none are
 */
public record Answers(double[][] outputs, List<int[]> written) {
    public Answers {
        written = List.copyOf(written);
    }
}
