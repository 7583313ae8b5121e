package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.graft.Made;
import org.junit.jupiter.api.Test;

class SimilarityTest {
    private static final Made ONE = new Made(new long[] {2, 2}, new double[] {3, 0, 0, 4});
    private static final Made OTHER = new Made(new long[] {1, 2}, new double[] {0, 5});

    /** The mean of (3, 0) and (0, 4) is (1.5, 2). */
    @Test
    void comparesTheMeansOfTheRows() {
        assertThat(Similarity.of("means", ONE, OTHER)).isCloseTo(0.8, within(1e-12));
        assertThat(Similarity.of("means", ONE, ONE)).isCloseTo(1, within(1e-12));
    }

    /** The cosines of the pairs are 0 and 1. */
    @Test
    void averagesTheCosinesOfAllPairsOfRows() {
        assertThat(Similarity.of("pairs", ONE, OTHER)).isCloseTo(0.5, within(1e-12));
        assertThat(Similarity.of("pairs", ONE, ONE)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void findsAPromptOfZerosLikeNone() {
        assertThat(Similarity.of("means", Made.zeros(2, 2), ONE)).isZero();
        assertThat(Similarity.of("pairs", Made.zeros(2, 2), ONE)).isZero();
    }
}
