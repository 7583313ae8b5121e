package dev.fewtune.train;

import dev.fewtune.text.Tokens;
import java.util.List;

/**
 * A split, ready for the network.
 *
 * @param ids stable example ids
 * @param tokens one per example
 * @param targets class number, or the value of a regression
 * @param written tokens of the text that is to be written for each example, its end included; empty where none is
 */
public record Encoded(List<String> ids, List<Tokens> tokens, double[] targets, List<int[]> written) {
    public Encoded {
        if (ids.size() != tokens.size() || ids.size() != targets.length) {
            throw new IllegalArgumentException("A split has %s ids, %s token rows and %s targets."
                    .formatted(ids.size(), tokens.size(), targets.length));
        }
        if (!written.isEmpty() && written.size() != targets.length) {
            throw new IllegalArgumentException(
                    "A split has %s examples and %s texts to be written.".formatted(targets.length, written.size()));
        }
        written = List.copyOf(written);
    }

    /** A split for which nothing is written. */
    public Encoded(List<String> ids, List<Tokens> tokens, double[] targets) {
        this(ids, tokens, targets, List.of());
    }

    public int size() {
        return targets.length;
    }

    /** Over how many things a loss is the mean: tokens that are to be written, or else examples. */
    double weight() {
        return written.isEmpty()
                ? size()
                : written.stream().mapToInt(text -> text.length).sum();
    }
}
