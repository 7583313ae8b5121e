package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Variable;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat64;

/** What AdaLoRA does to the loss and at the end of each step. */
class AdaLoraTest {
    private static final TinyBert TINY = new TinyBert();
    private static final double RATE = 1e-2;
    private static final int MAPS = 4;

    @TempDir
    Path folder;

    /** The only choice is that after step 3 of 6, by what was seen at steps 1 and 2; a twin takes nothing out. */
    @Test
    void takesOutTheDirectionsOfTheLowestImportanceOfAllMaps() {
        Map<String, Object> once = Map.of("free_share", 0.0, "final_share", 0.5, "interval", 100L);
        Map<String, Object> never = new TreeMap<>(once);
        never.put("target_rank", 4L);
        try (Learner<TFloat64> learner = learner(settings(once));
                Learner<TFloat64> twin = learner(settings(never))) {
            Importance importance = new Importance();
            for (int step = 0; step < 2; step++) {
                Map<String, double[]> gradients = twin.gradients(Samples.batch(0, 8), step);
                step(learner, step);
                step(twin, step);
                importance.measure(values(twin), gradients);
                assertThat(values(learner)).usingRecursiveComparison().isEqualTo(values(twin));
            }
            step(learner, 2);
            step(twin, 2);
            Set<String> out = importance.lowest(3 * MAPS);
            assertThat(zeros(values(learner))).isEqualTo(out);
            assertThat(zeros(values(twin))).isEmpty();
            step(learner, 3);
            assertThat(zeros(values(learner))).isEqualTo(out);
        }
    }

    /** The mean of ||A^T A - 1|| and ||B B^T - 1|| over all of them, times the weight. */
    @Test
    void addsToTheLossHowFarDirectionsAreFromOrthonormalOnes() {
        try (Learner<TFloat64> plain = learner(settings(Map.of("orthogonality", 0.0)));
                Learner<TFloat64> kept = learner(settings(Map.of("orthogonality", 0.3)))) {
            double sum = 0;
            int count = 0;
            for (Map.Entry<String, double[]> entry : values(kept).entrySet()) {
                if (!entry.getKey().endsWith("_e")) {
                    sum += skew(entry.getValue(), entry.getKey().endsWith("_a"));
                    count++;
                }
            }
            assertThat(count).isEqualTo(2 * MAPS);
            Batch batch = Samples.batch(0, 8);
            assertThat(kept.loss(batch, 0) - plain.loss(batch, 0)).isEqualTo(0.3 * sum / count, Offset.offset(1e-12));
            assertThat(kept.predict(batch)).isDeepEqualTo(plain.predict(batch));
        }
    }

    /** Importance, choice and directions are all kept. */
    @Test
    void aTrainingThatIsCancelledAgainAndAgainEndsWithTheSameBits() throws Exception {
        TrainRequest request = Trainings.request(
                "tiny",
                "adalora",
                Map.of(
                        "rank",
                        4,
                        "target_rank",
                        1,
                        "interval",
                        2,
                        "dropout",
                        0.1,
                        "targets",
                        List.of("query", "value")),
                "epochs",
                2,
                "accumulate",
                2);
        TrainResult whole = run(request, "whole", Progress.SILENT);
        for (int checks : List.of(5, 9)) {
            assertThatThrownBy(
                            () -> run(request, "cut", new ExactnessTest.Interrupted(checks, CancelledException::new)))
                    .isInstanceOf(CancelledException.class);
        }
        TrainResult resumed = run(request, "cut", Progress.SILENT);
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(Files.readAllBytes(folder.resolve("cut").resolve(Trainer.ADAPTER)))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole").resolve(Trainer.ADAPTER)));
        Safetensors adapter = Safetensors.open(folder.resolve("whole").resolve(Trainer.ADAPTER));
        assertThat(adapter.names()).noneMatch(name -> name.contains("importance") || name.endsWith("_out"));
        assertThat(whole.methodParameters()).isEqualTo(TinyBert.LAYERS * 2L * 4 * 33);
    }

    @Test
    void refusesATargetAboveTheStartAndSharesThatLeaveNothing() {
        assertThatThrownBy(() -> learner(Map.of("rank", 4L, "target_rank", 5L)))
                .isInstanceOf(CellFailure.class)
                .hasMessage("The target_rank (5) of adalora is above its rank (4). Maybe target_rank: 4.");
        assertThatThrownBy(() -> learner(Map.of("free_share", 0.5, "final_share", 0.5)))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("free_share (0.5) and final_share (0.5) of adalora leave no steps");
    }

    private static Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> all =
                new TreeMap<>(Map.of("rank", 4L, "target_rank", 1L, "targets", List.of("query", "value")));
        all.putAll(more);
        return all;
    }

    private Learner<TFloat64> learner(Map<String, Object> given) {
        return new Learner<>(
                TFloat64.class,
                TINY,
                Methods.named("adalora"),
                Settings.of(Methods.named("adalora").spec().settings(), given),
                new Model.Task(3, false, "mean", 0, false),
                new Optimizing(0, 0),
                new WeightFiles(folder).of(TINY),
                1);
    }

    private TrainResult run(TrainRequest request, String name, Progress progress) {
        Supply supply = new Supply(List.of(TINY), Methods.ALL, new WeightFiles(folder));
        return new Trainer(supply)
                .run(
                        request,
                        Samples.split("train", 60),
                        Samples.split("validation", 20),
                        LearningRates::accuracy,
                        folder.resolve(name),
                        folder.resolve(name + "-checkpoints"),
                        progress);
    }

    private static Map<String, double[]> values(Learner<TFloat64> learner) {
        Map<String, double[]> values = new TreeMap<>();
        List<Variable<TFloat64>> trained = learner.model().vars().trained();
        for (Safetensors.Entry entry : learner.values(trained)) {
            double[] numbers = new double[entry.bytes().remaining() / 8];
            entry.bytes().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(numbers);
            values.put(entry.name(), numbers);
        }
        return values;
    }

    /** Of a matrix of 16 x 4, or of 4 x 16. */
    private static double skew(double[] m, boolean columns) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                double product = i == j ? -1 : 0;
                for (int k = 0; k < 16; k++) {
                    product += columns ? m[4 * k + i] * m[4 * k + j] : m[16 * i + k] * m[16 * j + k];
                }
                sum += product * product;
            }
        }
        return Math.sqrt(sum);
    }

    private static void step(Learner<TFloat64> learner, int step) {
        learner.step(List.of(Samples.batch(0, 8)), RATE, step, 6, () -> {});
    }

    /** Names and places of the numbers that are zero. */
    private static Set<String> zeros(Map<String, double[]> values) {
        Set<String> zeros = new TreeSet<>();
        values.forEach((name, numbers) -> {
            for (int i = 0; i < numbers.length; i++) {
                if (name.endsWith("_e") && numbers[i] == 0) {
                    zeros.add(name + " " + i);
                }
            }
        });
        return zeros;
    }

    /** Importance of every direction by plain arithmetic. */
    private static final class Importance {
        private final Map<String, double[]> means = new TreeMap<>();
        private final Map<String, double[]> doubts = new TreeMap<>();

        void measure(Map<String, double[]> values, Map<String, double[]> gradients) {
            values.forEach((name, numbers) -> {
                double[] mean = means.computeIfAbsent(name, any -> new double[numbers.length]);
                double[] doubt = doubts.computeIfAbsent(name, any -> new double[numbers.length]);
                for (int i = 0; i < numbers.length; i++) {
                    double seen = Math.abs(numbers[i] * gradients.get(name)[i]);
                    mean[i] = 0.85 * mean[i] + 0.15 * seen;
                    doubt[i] = 0.85 * doubt[i] + 0.15 * Math.abs(seen - mean[i]);
                }
            });
        }

        /** Names and places as above. */
        Set<String> lowest(int count) {
            Map<Double, String> all = new TreeMap<>();
            means.keySet().stream().filter(name -> name.endsWith("_e")).forEach(name -> {
                for (int i = 0; i < 4; i++) {
                    all.put(score(name.substring(0, name.length() - 1), i), name + " " + i);
                }
            });
            assertThat(all).hasSize(4 * MAPS);
            return new TreeSet<>(List.copyOf(all.values()).subList(0, count));
        }

        private double score(String stem, int direction) {
            double column = 0;
            double row = 0;
            for (int k = 0; k < 16; k++) {
                column += at(stem + "a", 4 * k + direction) / 16;
                row += at(stem + "b", 16 * direction + k) / 16;
            }
            return at(stem + "e", direction) + column + row;
        }

        private double at(String name, int place) {
            return means.get(name)[place] * doubts.get(name)[place];
        }
    }
}
