package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Small products worked out by hand, in float64. */
class PromptGoldenVectorsTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-8);
    private static final double[] TEXT = filled(12, 5, 1, 13);
    private static final double[] PROMPT = filled(16, 7, 3, 11);
    /** Rows of a prompt of two thin matrices. */
    private static final double[] PRODUCT = {
        .16, .14, -.04, .1, .2, .2, -.04, .12, .04, .21, .06, -.01, .08, .27, .06, .01
    };

    @Test
    void dptMultipliesItsMatrices() {
        try (Bare bare = new Bare("dpt", Map.of("length", 4L, "rank", 2L), 4)) {
            assertThat(bare.prompt(Map.of("prompt_left", filled(8, 2, 1, 5), "prompt_right", filled(8, 3, 1, 8))))
                    .containsExactly(PRODUCT, CLOSE);
        }
    }

    @Test
    void loptMultipliesItsMatrices() {
        try (Bare bare = new Bare("lopt", Map.of("length", 4L, "rank", 2L), 4)) {
            assertThat(bare.prompt(Map.of("prompt_left", filled(8, 2, 1, 5), "prompt_right", filled(8, 3, 1, 8))))
                    .containsExactly(PRODUCT, CLOSE);
        }
    }

    @Test
    void residualPromptAddsTheNetworksAnswer() {
        double[] expected = {
            -.23, .555, -.06, -.325, .378, .067, -.544, .295, -.088, -.408, .072, -.198, .494, .191, -.412, .435
        };
        assertThat(residual(false)).containsExactly(expected, CLOSE);
        assertThat(Arrays.copyOf(residual(true), 4))
                .containsExactly(new double[] {-0.07033201, 1.73184589, -1.45601586, -0.10549802}, CLOSE);
    }

    @Test
    void deptAddsItsProductByPlaces() {
        Map<String, double[]> values =
                Map.of("prompt", new double[4], "offset_left", filled(6, 3, 2, 7), "offset_right", filled(8, 4, 5, 9));
        double[] once = {0, 0, 0, 0, -.4, .25, .63, -.29, .32, -.32, .07, .37, -.26, .41, .81, -.27};
        assertThat(dept(Math.sqrt(2), values, TEXT)).containsExactly(once, CLOSE);

        double[] scaled = dept(8, values, TEXT);
        assertThat(Arrays.copyOfRange(scaled, 4, 8))
                .containsExactly(new double[] {-0.4, 0.94852814, 0.76970563, -0.70911688}, CLOSE);
        assertThat(Arrays.copyOfRange(scaled, 12, 16))
                .containsExactly(new double[] {-0.07372583, 1.38793939, 1.32225397, -1.06166522}, CLOSE);
    }

    @Test
    void deptAddsNothingBehindItsLastPlaceAndLeavesOutThoseThatATextDoesNotReach() {
        Map<String, double[]> values =
                Map.of("prompt", new double[4], "offset_left", filled(6, 3, 2, 7), "offset_right", filled(8, 4, 5, 9));
        double[] longer = Arrays.copyOf(TEXT, 16);
        Arrays.fill(longer, 12, 16, .7);
        assertThat(Arrays.copyOfRange(dept(8, values, longer), 16, 20)).containsExactly(.7, .7, .7, .7);
        assertThat(Arrays.copyOfRange(dept(8, values, Arrays.copyOf(TEXT, 4)), 4, 8))
                .containsExactly(new double[] {-0.4, 0.94852814, 0.76970563, -0.70911688}, CLOSE);
    }

    private static double[] dept(double alpha, Map<String, double[]> values, double[] text) {
        Map<String, Object> settings = Map.of("length", 1L, "rank", 2L, "max_length", 3L, "alpha", alpha);
        try (Bare bare = new Bare("dept", settings, 4)) {
            return bare.entering(values, text);
        }
    }

    @Test
    void adeptMovesTokensByTheirContent() {
        Map<String, double[]> values = Map.of(
                "prompt", new double[] {9, 9, 9, 9},
                "shift_down", filled(8, 3, 4, 7),
                "shift_down_bias", new double[] {.1, -.2},
                "shift_up", filled(8, 5, 2, 9),
                "shift_up_bias", new double[] {0, .1, .2, .3});
        try (Bare bare = new Bare("adept", Map.of("length", 1L, "rank", 2L), 4)) {
            assertThat(bare.entering(values, TEXT))
                    .containsExactly(
                            new double[] {9, 9, 9, 9, -.409, .189, .796, .094, .3, -.4, .2, .8, -.3, .3, .9, .2},
                            CLOSE);
        }
    }

    @Test
    void ulptScalesAndShiftsItsProjection() {
        Map<String, double[]> values = Map.of(
                "prompt_low",
                filled(8, 2, 1, 5),
                "projection",
                filled(8, 3, 1, 8),
                "prompt_scale",
                new double[] {1, 2, .5, -1},
                "prompt_shift",
                new double[] {.1, 0, -.1, .2});
        try (Bare bare = new Bare("ulpt", Map.of("length", 4L, "rank", 2L), 4)) {
            assertThat(bare.prompt(values))
                    .containsExactly(
                            new double[] {
                                .26, .28, -.12, .1, .3, .4, -.12, .08, .14, .42, -.07, .21, .18, .54, -.07, .19
                            },
                            CLOSE);
        }
    }

    @Test
    void lampKeepsTheLargestSingularPartsAndAveragesNeighbours() {
        assertThat(Singular.of(PROMPT, 4, 4).values())
                .containsExactly(new double[] {1.04809788, 0.72018447, 0.14119, 0.11353659}, CLOSE);
        double[] whole = lamp("sum", 1);
        assertThat(Arrays.copyOf(whole, 4))
                .containsExactly(new double[] {-0.24850276, 0.50351923, 0.11310307, -0.23481117}, CLOSE);
        double left = 0;
        for (int i = 0; i < whole.length; i++) {
            left += Math.pow(whole[i] - PROMPT[i], 2);
        }
        assertThat(Math.sqrt(left)).isCloseTo(Math.hypot(0.14119, 0.11353659), CLOSE);
        assertThat(lamp("sum", 2))
                .containsExactly(
                        new double[] {
                            0.07827135,
                            0.2589888,
                            -0.10292881,
                            0.06494393,
                            0.14483093,
                            -0.20413218,
                            -0.0803153,
                            0.13492287
                        },
                        CLOSE);
    }

    @Test
    void lampComposesInFourWays() {
        Singular parts = Singular.of(PROMPT, 4, 2);
        double low = Math.exp(parts.values()[1]);
        double high = Math.exp(parts.values()[0]);
        double[] sum = composed(parts, 1, 1, 0);
        assertThat(lamp("sum", 1)).containsExactly(sum, CLOSE);
        assertThat(lamp("normalised-sum", 1)).containsExactly(composed(parts, .5, .5, 0), CLOSE);
        assertThat(lamp("gated-sum", 1))
                .containsExactly(composed(parts, high / (low + high), low / (low + high), 0), CLOSE);
        assertThat(lamp("circular", 1)).containsExactly(composed(parts, 1, 1, 1), CLOSE);
    }

    /** @param turn columns by which the second outer product is turned to the right */
    private static double[] composed(Singular parts, double first, double second, int turn) {
        double[] values = new double[16];
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 4; column++) {
                values[4 * row + column] = first * outer(parts, 0, row, column)
                        + second * outer(parts, 1, row, Math.floorMod(column - turn, 4));
            }
        }
        return values;
    }

    private static double outer(Singular parts, int k, int row, int column) {
        return parts.left()[2 * row + k] * parts.values()[k] * parts.right()[4 * k + column];
    }

    private static double[] lamp(String composer, int pool) {
        Singular parts = Singular.of(PROMPT, 4, 2);
        Map<String, Object> settings = Map.of("length", 4L, "rank", 2L, "pool", (long) pool, "composer", composer);
        try (Bare bare = new Bare("lamp", settings, 4)) {
            return bare.prompt(Map.of("lamp_u", parts.left(), "lamp_q", parts.values(), "lamp_v", parts.right()));
        }
    }

    @Test
    void smopPutsTheLikeliestPromptBeforeTheTextTimesItsProbability() {
        Map<String, double[]> values =
                Map.of("router", turned(filled(8, 3, 1, 7), 2), "prompts", new double[] {5, 5, 5, 5, 1, 2, 3, 4});
        try (Bare bare = new Bare("smop", Map.of("length", 1L, "prompts", 2L), 4)) {
            double likelier = 0.53742985;
            assertThat(Arrays.copyOf(bare.entering(values, TEXT), 4))
                    .containsExactly(
                            new double[] {likelier, 2 * likelier, 3 * likelier, 4 * likelier}, Offset.offset(1e-7));
        }
    }

    @Test
    void mptMultipliesItsSharedPromptByAMatrixOfRankOne() {
        double[] expected = {-.1, .5, -.2, -.075, -.2, 0, -.8, -.075, -.025, -.25, -.2, -.025, .5, .2, 1.2, .2};
        try (Bare bare = new Bare("mpt", Map.of("length", 4L), 4)) {
            assertThat(bare.prompt(Map.of(
                            "shared_prompt", PROMPT,
                            "task_columns", new double[] {1, -1, .5, 2},
                            "task_rows", new double[] {.5, 1, -2, .25})))
                    .containsExactly(expected, CLOSE);
        }
    }

    /** Two sources and the trained prompt, whose weights are worked out by hand; the text is seen through its largest entries. */
    @Test
    void attemptMixesSourcesByTheTextAndAddsItsOwnPrompt() {
        double[] own = filled(16, 4, 1, 11);
        Map<String, double[]> values = Map.of(
                "prompt", own,
                "attention_down", turned(filled(8, 3, 2, 7), 2),
                "attention_up", turned(filled(8, 4, 3, 9), 4));
        Map<String, Object> settings = Map.of("bottleneck", 2L);
        try (Bare bare = new Bare("attempt", settings, 4, sources())) {
            double[] weights = {0.32789155, 0.33330356, 0.33880489};
            double[] row = Arrays.copyOf(bare.entering(values, TEXT), 4);
            assertThat(row)
                    .containsExactly(
                            new double[] {-0.63443062, 0.2972672, 0.5016504, -0.40001787}, Offset.offset(1e-7));
            for (int i = 0; i < 4; i++) {
                double mixed =
                        weights[0] * PROMPT[i] + weights[1] * filled(16, 5, 4, 11)[i] + (1 + weights[2]) * own[i];
                assertThat(row[i]).isCloseTo(mixed, Offset.offset(1e-7));
            }
        }
    }

    @Test
    void attemptWithoutAttentionTakesTheMeanOfAll() {
        double[] own = filled(16, 4, 1, 11);
        double[] second = filled(16, 5, 4, 11);
        try (Bare bare = new Bare("attempt", Map.of("form", "constant"), 4, sources());
                Bare alone = new Bare("attempt", Map.of("form", "constant", "ignore_target", true), 4, sources())) {
            double[] all = bare.entering(Map.of("prompt", own), TEXT);
            double[] others = alone.entering(Map.of("prompt", own), TEXT);
            for (int i = 0; i < 16; i++) {
                assertThat(all[i]).isCloseTo((PROMPT[i] + second[i] + own[i]) / 3 + own[i], CLOSE);
                assertThat(others[i]).isCloseTo((PROMPT[i] + second[i]) / 2 + own[i], CLOSE);
            }
        }
    }

    private static Given sources() {
        return new Given(List.of(source("first", PROMPT), source("second", filled(16, 5, 4, 11))), List.of(""), null);
    }

    private static Source source(String task, double[] rows) {
        return new Source(Source.PROMPT, task, Map.of(Source.ROWS, new Made(new long[] {4, 4}, rows)));
    }

    @Test
    void superPosMixesTokenRows() {
        Map<String, double[]> values =
                Map.of("prompt_mixture", new double[] {1, 0, 0, 2, 1, 1}, "prompt_basis", filled(12, 5, 1, 13));
        try (Bare bare = new Bare("superpos", Map.of("length", 2L, "sampled", 3L), 4)) {
            assertThat(bare.prompt(values))
                    .containsExactly(new double[] {-.4, .1, .6, -.2, -0.8, -0.1, 1.9, -0.0}, CLOSE);
        }
    }

    @Test
    void xPromptKeepsTheRowsAndPiecesThatAreIn() {
        Map<String, double[]> values = Map.of(
                "prompt_rows", PROMPT, "prompt_row_mask", new double[] {1, 0, 0, 1}, "prompt_piece_mask", new double[] {
                    1, 0, 1, 1, 0, 0, 0, 1
                });
        try (Bare bare = new Bare("xprompt", Map.of("length", 4L, "pieces", 2L), 4)) {
            assertThat(bare.prompt(values)).containsExactly(new double[] {-.2, .5, 0, 0, 0, 0, -.3, .4}, CLOSE);
        }
    }

    private static double[] residual(boolean norm) {
        Map<String, Object> settings = Map.of("length", 4L, "bottleneck", 2L, "norm", norm);
        try (Bare bare = new Bare("residual-prompt", settings, 4)) {
            return bare.prompt(Map.of(
                    "prompt_rows",
                    PROMPT,
                    "prompt_down",
                    turned(filled(8, 3, 2, 7), 2),
                    "prompt_down_bias",
                    new double[] {.1, -.1},
                    "prompt_up",
                    turned(filled(8, 4, 3, 9), 4),
                    "prompt_up_bias",
                    new double[] {0, .1, -.1, .05}));
        }
    }

    /** Entry k is ((a k + b) mod m - 5) / 10. */
    private static double[] filled(int size, int a, int b, int m) {
        double[] values = new double[size];
        Arrays.setAll(values, k -> ((a * k + b) % m - 5) / 10.0);
        return values;
    }

    /** A matrix with so many rows, its rows as columns. */
    private static double[] turned(double[] matrix, int rows) {
        int columns = matrix.length / rows;
        double[] values = new double[matrix.length];
        Arrays.setAll(values, k -> matrix[k % rows * columns + k / rows]);
        return values;
    }
}
