package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    private static final double[] TARGET = {1, 1, 1, 0, 0, 0, 0, 1};
    private static final double[] PREDICTED = {1, 1, 0, 0, 0, 0, 1, 0};

    /** By hand: 2 true positives, 1 false positive, 2 false negatives, 3 true negatives. */
    @ParameterizedTest
    @CsvSource({
        "accuracy, 0.625",
        "f1, 0.5714285714285714",
        "macro-f1, 0.6190476190476191",
        "matthews, 0.2581988897471611",
        "mse, 0.375"
    })
    void agreesWithTheCountsByHand(String name, double expected) {
        assertThat(Metrics.of(name, PREDICTED, TARGET)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void correlatesValuesAndRanks() {
        double[] x = {1, 2, 3, 4};
        double[] y = {1, 4, 9, 9};

        assertThat(Metrics.of("pearson", x, y)).isCloseTo(14.5 / Math.sqrt(5 * 46.75), within(1e-12));
        assertThat(Metrics.of("spearman", x, y)).isCloseTo(4.5 / Math.sqrt(5 * 4.5), within(1e-12));
        assertThat(Metrics.of("spearman", x, new double[] {8, 4, 2, 1})).isCloseTo(-1, within(1e-12));
    }

    @Test
    void countsMatthewsForThreeClasses() {
        double[] right = {0, 1, 2, 2};

        assertThat(Metrics.of("matthews", right, right)).isCloseTo(1, within(1e-12));
        assertThat(Metrics.of("matthews", new double[] {0, 1, 2, 1}, right)).isCloseTo(7 / 10.0, within(1e-12));
    }

    @Test
    void givesZeroWhereAScoreIsUndefined() {
        double[] constant = {1, 1};

        assertThat(Metrics.of("pearson", constant, new double[] {1, 2})).isZero();
        assertThat(Metrics.of("matthews", constant, new double[] {0, 1})).isZero();
        assertThat(Metrics.of("f1", new double[] {0, 0}, new double[] {0, 0})).isZero();
    }

    @Test
    void givesEveryScoreThatSuits() {
        assertThat(Metrics.all(false, 2, PREDICTED, TARGET)).containsOnlyKeys("accuracy", "f1", "macro-f1", "matthews");
        assertThat(Metrics.all(false, 3, PREDICTED, TARGET)).doesNotContainKey("f1");
        assertThat(Metrics.all(true, 1, PREDICTED, TARGET)).containsOnlyKeys("pearson", "spearman", "mse");
    }

    @Test
    void knowsThatErrorsShouldFall() {
        assertThat(Metrics.known())
                .filteredOn(name -> !Metrics.higherIsBetter(name))
                .containsExactly("mse");
    }

    @Test
    void answersTheMostFrequentLabelOfTrain() {
        assertThat(Metrics.majority(List.of("b", "b", "a"), List.of("a", "b", "a", "a")))
                .isEqualTo(.25);
        assertThat(Metrics.majority(List.of("b", "a"), List.of("a", "b", "a", "a")))
                .isEqualTo(.75);
    }

    @Test
    void refusesAnUnknownNameAndUnequalLengths() {
        assertThatThrownBy(() -> Metrics.of("bleu", PREDICTED, TARGET))
                .hasMessage("There is no metric bleu."
                        + " Known: accuracy, f1, macro-f1, matthews, pearson, spearman, mse.");
        assertThatThrownBy(() -> Metrics.of("accuracy", new double[1], TARGET))
                .hasMessage("There are 1 predictions for 8 targets.");
        assertThatThrownBy(() -> Metrics.of("accuracy", new double[0], new double[0]))
                .hasMessage("There are 0 predictions for 0 targets.");
    }
}
