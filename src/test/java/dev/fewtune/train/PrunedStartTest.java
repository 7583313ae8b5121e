package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat64;

/** The side network of LST starts with what is left of the backbone's own layers. */
class PrunedStartTest {
    private static final String SIDE = "side.";

    @TempDir
    Path folder;

    @Test
    void keepsTheFeaturesOfTheLargestWeightsFromMatrixToMatrix() {
        Backbone bert = Texts.backbone("bert");
        Weights weights = new WeightFiles(folder).of(bert);
        Map<String, double[]> side = start(bert, weights, "pruned");
        int width = 12;
        int[] all = IntStream.range(0, (int) weights.shape("encoder.tokens.weight")[0])
                .toArray();
        int[] in = largest(width, 6, all, weights.values("encoder.tokens.weight"));
        double[] query = weights.values("encoder.0.query.weight");
        int[] heads = largest(
                width, 6, in, query, weights.values("encoder.0.key.weight"), weights.values("encoder.0.value.weight"));
        assertThat(side.get("encoder.0.query.weight")).containsExactly(picked(query, width, in, heads));
        double[] output = weights.values("encoder.0.attention_output.weight");
        int[] out = largest(width, 6, heads, output);
        assertThat(side.get("encoder.0.attention_output.weight")).containsExactly(picked(output, width, heads, out));
        assertThat(side.get("encoder.0.attention_norm.scale"))
                .containsExactly(picked(weights.values("encoder.0.attention_norm.scale"), width, new int[] {0}, out));
        assertThat(side.get("encoder.0.value.bias"))
                .containsExactly(picked(weights.values("encoder.0.value.bias"), width, new int[] {0}, heads));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama", "t5-v1_1"})
    void everyNumberIsOneOfTheBackbones(String network) {
        Backbone backbone = Texts.backbone(network);
        Weights weights = new WeightFiles(folder).of(backbone);
        start(backbone, weights, "pruned").forEach((name, values) -> {
            Set<Double> known = new TreeSet<>();
            Arrays.stream(weights.values(name)).forEach(known::add);
            assertThat(Arrays.stream(values).allMatch(known::contains)).as(name).isTrue();
        });
        assertThat(start(backbone, weights, "random").values())
                .isNotEqualTo(start(backbone, weights, "pruned").values());
    }

    /** Of the side layers, by the names of the backbone's tensors. */
    private static Map<String, double[]> start(Backbone backbone, Weights weights, String init) {
        Method lst = Methods.named("lst");
        Settings settings = Settings.of(lst.spec().settings(), Map.of("reduction", 2L, "skip", 0L, "init", init));
        try (Learner<TFloat64> learner = new Contract(backbone, weights, null).predictor(lst, settings, 1)) {
            Map<String, double[]> side = new TreeMap<>();
            learner.trainedNumbers().forEach((name, numbers) -> {
                if (name.startsWith(SIDE)) {
                    side.put(name.substring(SIDE.length()), numbers.values());
                }
            });
            return side;
        }
    }

    private static int[] largest(int width, int count, int[] rows, double[]... matrices) {
        double[] sums = new double[width];
        for (int row : rows) {
            for (int column = 0; column < width; column++) {
                double product = 1;
                for (double[] matrix : matrices) {
                    product *= Math.abs(matrix[row * width + column]);
                }
                sums[column] += product;
            }
        }
        return IntStream.range(0, width)
                .boxed()
                .sorted(Comparator.comparingDouble(column -> -sums[column]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private static double[] picked(double[] matrix, int width, int[] rows, int[] columns) {
        return IntStream.of(rows)
                .boxed()
                .flatMapToDouble(row -> IntStream.of(columns).mapToDouble(column -> matrix[row * width + column]))
                .toArray();
    }
}
