package dev.fewtune.train;

import dev.fewtune.text.Tokens;
import java.util.List;

/**
 * A split, ready for the network.
 *
 * @param ids stable example ids
 * @param tokens one per example
 * @param targets class number, or the value of a regression
 */
public record Encoded(List<String> ids, List<Tokens> tokens, double[] targets) {
    public Encoded {
        if (ids.size() != tokens.size() || ids.size() != targets.length) {
            throw new IllegalArgumentException("A split has %s ids, %s token rows and %s targets."
                    .formatted(ids.size(), tokens.size(), targets.length));
        }
    }

    public int size() {
        return targets.length;
    }
}
