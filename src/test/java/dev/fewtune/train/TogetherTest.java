package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat64;

/** Two tasks are learned at once. */
class TogetherTest {
    private static final TinyBert TINY = new TinyBert();
    private static final int WIDTH = TINY.spec().hidden();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mpt", "attempt", "hyperformer"})
    void learnsAllThatIsSharedAndAllThatIsOfATask(String name) throws IOException {
        Method method = Methods.named(name);
        Encoded split = Samples.together("batch", 12);
        int[] rows = method.oneTaskPerBatch()
                ? new int[] {1, 3, 5, 7, 9, 11}
                : IntStream.range(0, 12).toArray();
        assertThat(contract().brokenTogether(method, Batch.of(split, rows, 8))).isEmpty();
    }

    @Test
    void anExampleSeesTheClassesOfItsTaskOnly() {
        Method method = Methods.named("mpt");
        try (Learner<TFloat64> learner = contract().together(method, Contract.settings(method), 0)) {
            double[][] outputs = learner.predict(batch());
            for (int row = 0; row < outputs.length; row++) {
                int foreign = row % 2 == 0 ? 4 : 0;
                assertThat(outputs[row][foreign]).isLessThan(-1e8);
                assertThat((int) Outputs.predictions(outputs, false)[row]).isBetween(row % 2 * 3, row % 2 * 2 + 2);
            }
        }
    }

    /** The shared prompt is the teachers', the matrices are ones, the heads are the teachers'. */
    @Test
    void imitatingCostsNothingWhereStudentAndTeacherAreTheSame() throws IOException {
        double[] alone = losses(0);
        double[] taught = losses(0.9);
        assertThat(taught[1]).isCloseTo(alone[1], within(1e-12));
        assertThat(taught[0]).isGreaterThan(alone[0] + 1e-6);
    }

    /** Of a student as it starts, and of its teacher's twin. */
    private double[] losses(double distill) throws IOException {
        Map<String, double[]> values = new LinkedHashMap<>();
        double[] rows = new double[2 * Sources.LENGTH];
        double[] columns = new double[2 * WIDTH];
        Arrays.fill(rows, 1);
        Arrays.fill(columns, 1);
        values.put("encoder.tokens.task_columns", rows);
        values.put("encoder.tokens.task_rows", columns);
        values.put(
                "encoder.tokens.shared_prompt",
                Sources.made("one", Sources.LENGTH, WIDTH).values());
        Sources.taught(WIDTH).forEach(source -> {
            String head = "head.%s.".formatted(source.name());
            values.put(head + "weight", source.tensor("head.weight").values());
            values.put(head + "bias", source.tensor("head.bias").values());
        });
        try (Learner<TFloat64> learner = contract().together(Methods.named("mpt"), settings(distill), 0)) {
            Batch ofFirst = Batch.of(Samples.together("batch", 12), new int[] {0, 2, 4, 6, 8, 10}, 8);
            double before = learner.loss(ofFirst, 0);
            List<Safetensors.Entry> entries = new ArrayList<>();
            var all = new ArrayList<>(learner.model().vars().trained());
            all.addAll(learner.fixed());
            learner.values(all).forEach(entry -> entries.add(set(entry, values.get(entry.name()))));
            Path file = folder.resolve("twin.safetensors");
            Safetensors.write(file, entries);
            learner.restore(Safetensors.open(file));
            // All of the first task, whose prompt the shared one is.
            return new double[] {before, learner.loss(ofFirst, 0)};
        }
    }

    private static Safetensors.Entry set(Safetensors.Entry entry, double[] values) {
        if (values == null) {
            return entry;
        }
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putDouble);
        return new Safetensors.Entry(entry.name(), entry.type(), entry.shape(), bytes.flip());
    }

    private static Settings settings(double distill) {
        return Settings.of(Methods.named("mpt").spec().settings(), Map.of("length", 4L, "distill", distill));
    }

    private static Batch batch() {
        return Batch.of(Samples.together("batch", 12), IntStream.range(0, 12).toArray(), 8);
    }

    private Contract contract() {
        return new Contract(TINY, new WeightFiles(folder).of(TINY), folder);
    }
}
