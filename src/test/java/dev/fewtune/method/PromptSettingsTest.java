package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.graft.Init;
import dev.fewtune.graft.Weights;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;
import org.tensorflow.types.family.TFloating;

class PromptSettingsTest {
    @Test
    void refusesAPoolThatDoesNotDivideTheLength() {
        assertRefused(
                "lamp",
                Map.of("length", 10L, "pool", 3L),
                "The pool (3) of lamp must divide the length (10). Maybe length: 12.");
    }

    @Test
    void refusesMoreSingularValuesThanThereAre() {
        assertRefused(
                "lamp",
                Map.of("length", 4L, "pool", 2L, "rank", 8L),
                "The rank (8) of lamp is larger than the prompt, which is 4 x 16. Maybe rank: 4.");
    }

    @Test
    void refusesProjectionsThatDoNotDivideTheLength() {
        assertRefused(
                "ulpt",
                Map.of("length", 10L, "projections", 4L),
                "The projections (4) of ulpt must divide the length (10). Maybe length: 12.");
    }

    @Test
    void refusesAStartFromATextThatIsNotGiven() {
        assertRefused(
                "prompt-tuning",
                Map.of("init", "text"),
                "prompt-tuning is to start from text (init: text), and there is no text.");
    }

    @Test
    void refusesMoreLabelsThanRows() {
        assertRefused(
                "dept",
                Map.of("length", 2L, "init", "labels", "labels", "yes, no, maybe"),
                "The prompt of dept has 2 rows, and 3 labels were given (yes, no, maybe). Maybe length: 3.");
    }

    @Test
    void repeatsAndCutsTheRowsOfAText() {
        double[] longer = Init.text("table", "ab").values(new long[] {3, 2}, new KeyedRandom(1, "x"), new Letters());
        assertThat(longer).containsExactly(97, 97.5, 98, 98.5, 97, 97.5);
        double[] shorter = Init.text("table", "abc").values(new long[] {1, 2}, new KeyedRandom(1, "x"), new Letters());
        assertThat(shorter).containsExactly(97, 97.5);
    }

    @Test
    void startsAtTheMeanRowsOfLabelsFollowedBySampledOnes() {
        double[] rows = Init.labels("table", List.of("ac", "z"), 3)
                .values(new long[] {3, 2}, new KeyedRandom(1, "x"), new Letters());
        assertThat(rows[0]).isEqualTo(98);
        assertThat(rows[2]).isEqualTo(122);
        assertThat(rows[4]).isIn(0.0, 1.0, 2.0);
    }

    @Test
    void drawsOrthogonalColumns() {
        double[] drawn = Init.orthogonal().values(new long[] {5, 3}, new KeyedRandom(1, "x"), null);
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                double product = 0;
                for (int row = 0; row < 5; row++) {
                    product += drawn[3 * row + a] * drawn[3 * row + b];
                }
                assertThat(product).isCloseTo(a == b ? 1 : 0, Offset.offset(1e-12));
            }
        }
    }

    @Test
    void refusesPiecesThatDoNotDivideARow() {
        assertRefused("xprompt", Map.of("pieces", 5L), "The pieces (5) of xprompt do not divide 16");
        assertRefused("xprompt", Map.of("pieces", 5L), "Maybe pieces: 4.");
    }

    private static void assertRefused(String method, Map<String, Object> settings, String says) {
        assertThatThrownBy(() -> new Bare(method, settings, 16).close())
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessageContaining(says);
    }

    /** One token for each letter, whose row is its code and half more. */
    private static final class Letters implements Weights {
        @Override
        public long[] shape(String name) {
            return new long[] {128, 2};
        }

        @Override
        public int[] tokens(String text, boolean special) {
            return text.chars().toArray();
        }

        @Override
        public double[] row(String name, int row) {
            return new double[] {row, row + 0.5};
        }

        @Override
        public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
            throw new AssertionError("Not asked for.");
        }
    }
}
