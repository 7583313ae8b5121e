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
    void anAnswerThatNamesNoClassIsWrongForEveryMetric() {
        double[] target = {0, 1, 1, 0};
        double[] predicted = {Metrics.NO_CLASS, 1, Metrics.NO_CLASS, 0};
        assertThat(Metrics.of("accuracy", predicted, target)).isEqualTo(.5);
        assertThat(Metrics.of("f1", predicted, target)).isEqualTo(Metrics.of("f1", new double[] {1, 1, 0, 0}, target));
        assertThat(Metrics.of("macro-f1", predicted, target)).isCloseTo(2 / 3., within(1e-12));
        assertThat(Metrics.of("matthews", predicted, target)).isBetween(0., .99);
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

    /** ROUGE-L of the first pair as rouge_score documents it, 5 common words of 8 and 9; the rest by hand. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    The quick brown dog jumps on the log. | The quick brown fox jumps over the lazy dog | 0 | 0.6153846153846154 | 0.5882352941176471
                    the Eiffel  Tower! | Eiffel tower | 1 | 1 | 0.8
                    a b c d | d c b a | 0 | 1 | 0.25
                    red red blue | red blue blue | 0 | 0.6666666666666666 | 0.6666666666666666
                    don-t | dont | 1 | 1 | 0
                    nothing | else | 0 | 0 | 0
                    The | an | 1 | 1 | 0
                    """)
    void comparesTextsByTheirWords(String predicted, String target, double exact, double f1, double rouge) {
        assertThat(text("exact-match", predicted, target)).isEqualTo(exact);
        assertThat(text("token-f1", predicted, target)).isCloseTo(f1, within(1e-12));
        assertThat(text("rouge-l", predicted, target)).isCloseTo(rouge, within(1e-12));
    }

    @Test
    void takesTheMeanOverTexts() {
        assertThat(Metrics.ofTexts("exact-match", List.of("a cat", "", "2"), List.of("Cat", "dog", "2")))
                .isCloseTo(2 / 3.0, within(1e-12));
        assertThatThrownBy(() -> Metrics.ofTexts("rouge-l", List.of("a"), List.of()))
                .hasMessage("There are 1 texts for 0 targets.");
        assertThatThrownBy(() -> Metrics.ofTexts("bleu", List.of("a"), List.of("a")))
                .hasMessage("There is no metric bleu of texts. Known: exact-match, token-f1, rouge-l.");
    }

    private static double text(String name, String predicted, String target) {
        return Metrics.ofTexts(name, List.of(predicted), List.of(target));
    }
}
