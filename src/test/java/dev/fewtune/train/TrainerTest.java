package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.family.TFloating;

class TrainerTest {
    private static final Encoded TRAIN = Samples.split("train", 60);
    private static final Encoded VALIDATION = Samples.split("validation", 20);

    @TempDir
    Path folder;

    static Stream<String> names() {
        return Methods.specs().stream().map(MethodSpec::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aSavedAdapterPredictsAsTheTrainedModelDid(String method) {
        TrainRequest request = Sources.given(
                MethodContractTest.request(
                        "tiny", method, Contract.settings(Methods.named(method)).values()),
                16);
        TrainResult result = run(request, "a", Progress.SILENT);
        try (Predictor predictor =
                new Predictor(supply(), request, folder.resolve("a").resolve(Trainer.ADAPTER))) {
            double[][] outputs =
                    predictor.predict(VALIDATION, 64, Progress.SILENT).outputs();
            double score = LearningRates.accuracy(VALIDATION.targets(), Outputs.predictions(outputs, false));
            TrainResult.Point best = result.curve().get(result.bestEpoch() - 1);
            assertThat(score).isEqualTo(best.score());
            assertThat(Outputs.loss(outputs, VALIDATION.targets(), false)).isEqualTo(best.validationLoss());
        }
    }

    @Test
    void deliversOneBitForEachWeightThatIsMasked() throws Exception {
        run(MethodContractTest.request("tiny", "threshold-mask", Map.of()), "a", Progress.SILENT);
        Safetensors adapter = Safetensors.open(folder.resolve("a").resolve(Trainer.ADAPTER));
        assertThat(adapter.type("encoder.1.query.scores")).isEqualTo("U8");
        assertThat(adapter.bytes("encoder.1.query.scores").remaining()).isEqualTo(16 * 16 / 8);
        assertThat(adapter.type("head.weight")).isEqualTo("F32");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 13, 17, 24})
    void aCancelledTrainingGoesOnToTheSameBits(int checks) throws Exception {
        TrainRequest request = MethodContractTest.request("tiny", "lora", Map.of("dropout", 0.1));
        TrainResult whole = run(request, "whole", Progress.SILENT);
        assertThatThrownBy(() -> run(request, "cut", new CancelAfter(checks))).isInstanceOf(CancelledException.class);
        TrainResult resumed = run(request, "cut", Progress.SILENT);
        assertThat(adapter("cut")).isEqualTo(adapter("whole"));
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(resumed.steps()).isEqualTo(whole.steps());
    }

    @Test
    void doesNotGoOnFromTheCheckpointOfAnotherRequest() throws Exception {
        TrainRequest one = MethodContractTest.request("tiny", "lora", Map.of());
        TrainRequest other = MethodContractTest.request("tiny", "lora", Map.of("rank", 4));
        assertThatThrownBy(() -> run(one, "a", new CancelAfter(12))).isInstanceOf(CancelledException.class);
        run(other, "a", Progress.SILENT);
        run(other, "b", Progress.SILENT);
        assertThat(adapter("a")).isEqualTo(adapter("b"));
    }

    @Test
    void countsWhatTrainsAndLowersTheLoss() {
        TrainResult result = run(MethodContractTest.request("tiny", "full", Map.of()), "a", Progress.SILENT);
        assertThat(result.methodParameters()).isEqualTo(new TinyBert().spec().parameters());
        assertThat(result.headParameters()).isEqualTo(3 * TinyBert.WIDTH + 3);
        assertThat(result.steps()).isEqualTo(24);
        assertThat(result.curve()).hasSize(3);
        assertThat(result.curve().get(2).trainLoss())
                .isLessThan(result.curve().get(0).trainLoss());
        assertThat(result.paddingShare()).isBetween(0.01, 0.8);
        assertThat(result.peakMemoryBytes()).isPositive();
        assertThat(result.adapterBytes()).isGreaterThan(4 * result.methodParameters());
    }

    @Test
    void aRegressionLearns() {
        TrainSettings training = new TrainSettings(4, 8, 1e-2, "cosine", 0.1, 0, 0, 1, "cls", true, 0);
        TrainRequest request = new TrainRequest("tiny", "lora", Map.of(), 1, true, "negative", training, 1);
        TrainResult result = new Trainer(supply())
                .run(
                        request,
                        TRAIN,
                        VALIDATION,
                        (targets, found) -> -Math.abs(targets[0] - found[0]),
                        folder,
                        folder,
                        Progress.SILENT);
        assertThat(result.curve().get(3).validationLoss())
                .isLessThan(result.curve().get(0).validationLoss());
    }

    @Test
    void saysThatAMethodWithoutAnythingToTrainDoesNotApply() {
        Method empty = new Method() {
            @Override
            public MethodSpec spec() {
                return MethodSpec.named("empty", "Empty").startsAtBase().settings();
            }

            @Override
            public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
                return new Graft<>() {};
            }
        };
        Supply supply = new Supply(List.of(new TinyBert()), List.of(empty), new WeightFiles(folder));
        TrainResult result = new Trainer(supply)
                .run(
                        MethodContractTest.request("tiny", "empty", Map.of()),
                        TRAIN,
                        VALIDATION,
                        LearningRates::accuracy,
                        folder,
                        folder,
                        Progress.SILENT);
        assertThat(result.notApplicable()).isEqualTo("empty has nothing to train on tiny.");
    }

    @Test
    void refusesATextThatDoesNotFitBesideThePrompt() {
        TrainRequest request = MethodContractTest.request("tiny", "prompt-tuning", Map.of("length", 60));
        assertThatThrownBy(() -> run(request, "a", Progress.SILENT))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("of which the method takes 60");
    }

    @Test
    void tellsItsProgressAndItsCurves() {
        List<String> told = new ArrayList<>();
        run(MethodContractTest.request("tiny", "head-only", Map.of()), "a", new Told(told));
        assertThat(told).contains("24/24", "loss@24", "accuracy@24", "validation_loss@8");
    }

    private TrainResult run(TrainRequest request, String name, Progress progress) {
        Path out = folder.resolve(name);
        return Sources.trainer(supply(), request, 16)
                .run(
                        request,
                        TRAIN,
                        VALIDATION,
                        LearningRates::accuracy,
                        out,
                        folder.resolve(name + "-checkpoints"),
                        progress);
    }

    private byte[] adapter(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name).resolve(Trainer.ADAPTER));
    }

    private Supply supply() {
        return new Supply(List.of(new TinyBert()), Methods.ALL, new WeightFiles(folder));
    }

    private static final class CancelAfter implements Progress {
        private int left;

        CancelAfter(int checks) {
            this.left = checks;
        }

        @Override
        public void at(long done, long total) {}

        @Override
        public void log(String line) {}

        @Override
        public void metric(String name, long step, double value) {}

        @Override
        public void check() {
            if (left-- == 0) {
                throw new CancelledException();
            }
        }
    }

    private record Told(List<String> told) implements Progress {
        @Override
        public void at(long done, long total) {
            told.add(done + "/" + total);
        }

        @Override
        public void log(String line) {}

        @Override
        public void metric(String name, long step, double value) {
            told.add(name + "@" + step);
        }

        @Override
        public void check() {}
    }
}
