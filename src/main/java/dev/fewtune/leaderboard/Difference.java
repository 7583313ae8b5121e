package dev.fewtune.leaderboard;

import java.util.OptionalDouble;

/**
 * One row minus another, on the seeds that both have.
 *
 * @param points difference of the two means: times 100, but in the metric's own unit for mse (where less is better)
 * @param standardError of {@code points}, from the differences seed by seed; absent with one common seed
 * @param seeds number of common seeds, at least 1
 */
public record Difference(double points, OptionalDouble standardError, int seeds) {
    public Difference {
        if (seeds < 1) {
            throw new IllegalArgumentException("A difference needs a common seed, but has %s.".formatted(seeds));
        }
    }
}
