package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that was interrupted, however, ends with the bits of one that was not. */
class ExactnessTest {
    private static final Encoded TRAIN = Samples.split("train", 60);
    private static final Encoded VALIDATION = Samples.split("validation", 20);
    private static final Path MODELS = Path.of("src/test/resources/models");

    @TempDir
    Path folder;

    /** Each kind of network, each optimizer, and steps of one and of several batches. */
    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.argumentSet("tiny with adamw of 1 in bf16", "tiny", "adamw", 1, "bf16"),
                Arguments.argumentSet("bert with adafactor of 3", "bert", "adafactor", 3, "f32"),
                Arguments.argumentSet("llama with adamw of 3", "llama", "adamw", 3, "f32"),
                Arguments.argumentSet("t5-v1_1 with adafactor of 1", "t5-v1_1", "adafactor", 1, "f32"));
    }

    /** Cancelled before a batch, and again while validation goes on. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aTrainingThatIsCancelledAgainAndAgainEndsWithTheSameBits(
            String backbone, String optimizer, int accumulate, String precision) throws Exception {
        TrainRequest request = request(backbone, optimizer, accumulate, precision);
        TrainResult whole = run(request, "whole", Progress.SILENT);
        for (int checks : List.of(5, 3)) {
            assertThatThrownBy(() -> run(request, "cut", new Interrupted(checks, CancelledException::new)))
                    .isInstanceOf(CancelledException.class);
        }
        TrainResult resumed = run(request, "cut", Progress.SILENT);
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(adapter("cut")).isEqualTo(adapter("whole"));
    }

    /** Whoever is killed saves nothing: it goes on from the last checkpoint. */
    @ParameterizedTest
    @CsvSource({"adamw, 3", "adafactor, 1"})
    void aTrainingThatIsKilledAgainAndAgainEndsWithTheSameBits(String optimizer, int accumulate) throws Exception {
        TrainRequest request = request("tiny", optimizer, accumulate, "f32");
        TrainResult whole = run(request, "whole", Progress.SILENT);
        for (int checks : List.of(5, 12)) {
            assertThatThrownBy(() -> run(request, "cut", new Interrupted(checks, Killed::new)))
                    .isInstanceOf(Killed.class);
        }
        TrainResult resumed = run(request, "cut", Progress.SILENT);
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(adapter("cut")).isEqualTo(adapter("whole"));
    }

    @Test
    void goesOnFromACheckpointOnlyWithTheSameCodeAndData() {
        Owner owner = owner("code", TRAIN, Map.of("rank", 4, "alpha", 2.0));
        assertThat(owner.differences(
                        owner("code", TRAIN, Map.of("alpha", 2.0, "rank", 4)).notes()))
                .isEmpty();
        assertThat(owner.differences(
                        owner("newer", TRAIN, Map.of("rank", 4, "alpha", 2.0)).notes()))
                .containsExactly("code");
        double[] targets = TRAIN.targets().clone();
        targets[7] = 2 - targets[7] == targets[7] ? 0 : 2 - targets[7];
        Encoded changed = new Encoded(TRAIN.ids(), TRAIN.tokens(), targets);
        assertThat(owner.differences(
                        owner("code", changed, Map.of("rank", 4, "alpha", 2.0)).notes()))
                .containsExactly("train");
        assertThat(owner.differences(Map.of())).containsExactly("settings", "code", "weights", "train", "validation");
    }

    @Test
    void startsAnewWhereTheDataHaveChangedAndSaysSo() throws Exception {
        TrainRequest request = request("tiny", "adamw", 1, "f32");
        assertThatThrownBy(() -> run(request, "cut", new Interrupted(10, CancelledException::new)))
                .isInstanceOf(CancelledException.class);
        Path state = folder.resolve("cut-checkpoints/state.safetensors");
        Safetensors before = Safetensors.open(state);
        assertThat(before.notes()).containsKeys("owner code", "owner train");

        double[] targets = TRAIN.targets().clone();
        targets[0] = (targets[0] + 1) % 3;
        Encoded changed = new Encoded(TRAIN.ids(), TRAIN.tokens(), targets);
        Said said = new Said(new ArrayList<>());
        run(request, changed, "cut", said);
        run(request, changed, "whole", Progress.SILENT);
        assertThat(said.lines()).anyMatch(line -> line.endsWith("was made with other train; starts anew."));
        assertThat(adapter("cut")).isEqualTo(adapter("whole"));
    }

    private static Owner owner(String code, Encoded train, Map<String, Object> settings) {
        return Owner.of(code, Trainings.request("tiny", "lora", settings), "weights", train, VALIDATION);
    }

    private static TrainRequest request(String backbone, String optimizer, int accumulate, String precision) {
        String name =
                backbone.equals("tiny") ? backbone : MODELS.resolve(backbone).toString();
        return Trainings.request(
                name,
                "lora",
                Map.of("rank", 4, "dropout", 0.1),
                "epochs",
                2,
                "precision",
                precision,
                "optimizer",
                optimizer,
                "accumulate",
                accumulate,
                "scaleParameter",
                optimizer.equals("adafactor"),
                "pooling",
                backbone.equals("llama") ? "last" : "mean");
    }

    private TrainResult run(TrainRequest request, String name, Progress progress) {
        return run(request, TRAIN, name, progress);
    }

    private TrainResult run(TrainRequest request, Encoded train, String name, Progress progress) {
        Supply supply = new Supply(List.of(new TinyBert()), Methods.ALL, new WeightFiles(folder));
        return new Trainer(supply)
                .run(
                        request,
                        train,
                        VALIDATION,
                        LearningRates::accuracy,
                        folder.resolve(name),
                        folder.resolve(name + "-checkpoints"),
                        progress);
    }

    private byte[] adapter(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name).resolve(Trainer.ADAPTER));
    }

    /** An end that nobody can react to. */
    private static final class Killed extends Error {}

    static final class Interrupted implements Progress {
        private final java.util.function.Supplier<? extends Throwable> end;
        private int left;

        Interrupted(int checks, java.util.function.Supplier<? extends Throwable> end) {
            this.left = checks;
            this.end = end;
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
                Interrupted.<RuntimeException>sneak(end.get());
            }
        }

        @SuppressWarnings("unchecked")
        private static <E extends Throwable> void sneak(Throwable thrown) throws E {
            throw (E) thrown;
        }
    }

    private record Said(List<String> lines) implements Progress {
        @Override
        public void at(long done, long total) {}

        @Override
        public void log(String line) {
            lines.add(line);
        }

        @Override
        public void metric(String name, long step, double value) {}

        @Override
        public void check() {}
    }
}
