package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat64;

/** A training in two parts, between which rows and pieces of the prompt are taken out. */
class XPromptTest {
    private static final Method XPROMPT = Methods.named("xprompt");
    private static final String AT = "encoder.tokens.";
    private static final int LENGTH = 6;
    private static final int PIECES = 4;

    @TempDir
    Path folder;

    @Test
    void takesOutTheRowsWhoseValuesTimesGradientsAreLeast() {
        try (Learner<TFloat64> learner = learner(new TinyBert(), 0.5, 0, Aim.head())) {
            double[] importance = importance(learner, LENGTH);
            learner.enter(1, 1, number -> Samples.batch(0, 8), 7, () -> {});
            assertThat(value(learner, AT + "prompt_row_mask")).containsExactly(highest(importance, LENGTH / 2));
            assertThat(value(learner, AT + "prompt_piece_mask")).hasSize(LENGTH * PIECES);
        }
    }

    @Test
    void takesOutThePiecesWhoseValuesTimesGradientsAreLeast() {
        try (Learner<TFloat64> learner = learner(new TinyBert(), 0, 0.25, Aim.head())) {
            double[] importance = importance(learner, LENGTH * PIECES);
            learner.enter(1, 1, number -> Samples.batch(0, 8), 7, () -> {});
            assertThat(value(learner, AT + "prompt_row_mask")).containsOnly(1);
            assertThat(value(learner, AT + "prompt_piece_mask"))
                    .containsExactly(highest(importance, LENGTH * PIECES * 3 / 4));
        }
    }

    @Test
    void beginsAgainAtTheFirstValuesAndSaysWhatItKeeps() {
        try (Learner<TFloat64> learner = learner(new TinyBert(), 0.5, 0.5, Aim.head())) {
            double[] first = value(learner, AT + "prompt_rows");
            learner.step(Samples.batch(0, 8), 0.1, 0);
            assertThat(value(learner, AT + "prompt_rows")).isNotEqualTo(first);
            List<String> says = learner.enter(1, 3, number -> Samples.batch(4 * number, 8), 7, () -> {});
            assertThat(value(learner, AT + "prompt_rows")).isEqualTo(first);
            assertThat(says).containsExactly("Keeps 3 of 6 rows of the prompt.", "Keeps 6 of 12 pieces of these rows.");
            learner.start(1);
            assertThat(value(learner, AT + "prompt_row_mask")).containsOnly(1);
        }
    }

    /** Also in its places: rows that are out stand where nobody sees them. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny", "roberta", "llama", "t5-v1_1"})
    void computesTheSameAsThePlainPromptOfTheRowsThatAreLeft(String network) throws IOException {
        Backbone backbone = network.equals("tiny") ? new TinyBert() : Texts.backbone(network);
        try (Learner<TFloat64> learner = learner(backbone, 0.4, 0.3, Aim.head())) {
            learner.enter(1, 1, number -> Samples.batch(0, 8), 7, () -> {});
            learner.step(Samples.batch(0, 8), 0.05, 0);
            double[][] expected = learner.predict(Samples.batch(0, 8));
            List<Safetensors.Entry> collapsed = learner.collapsed();
            assertThat(collapsed.get(0).shape()[0]).isEqualTo(4);
            Method plain = Methods.named("prompt-tuning");
            Settings same = Settings.of(plain.spec().settings(), Map.of("length", 4L));
            Contract contract = new Contract(backbone, new WeightFiles(folder).of(backbone), folder);
            try (Learner<TFloat64> other = contract.predictor(plain, same, 1)) {
                Path file = folder.resolve("prompt.safetensors");
                Safetensors.write(file, collapsed);
                other.restore(Safetensors.open(file));
                double[][] found = other.predict(Samples.batch(0, 8));
                for (int row = 0; row < found.length; row++) {
                    assertThat(found[row]).containsExactly(expected[row], Offset.offset(1e-10));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "t5-v1_1"})
    void writesAsItReads(String network) {
        List<int[]> sources = List.of(new int[] {5, 9, 14, 3}, new int[] {7}, new int[] {30, 4});
        try (Learner<TFloat64> learner = learner(Texts.backbone(network), 0.4, 0.3, Aim.textToText(6, 1))) {
            Batch batch = Texts.batch(sources, List.of(new int[] {12, 2}, new int[] {31, 2}, new int[] {6, 25, 2}));
            learner.enter(1, 1, number -> batch, 7, () -> {});
            learner.step(batch, 0.05, 0);
            List<List<Search.Found>> written = learner.write(batch, () -> {});
            List<int[]> texts = written.stream().map(all -> all.get(0).tokens()).toList();
            double[][] anew = learner.predict(Texts.batch(sources, texts));
            for (int i = 0; i < anew.length; i++) {
                assertThat(written.get(i).get(0).score()).isCloseTo(anew[i][0] / texts.get(i).length, within(1e-9));
            }
        }
    }

    /** Killed while the first part trains, while importance is measured, and in the second part. */
    @Test
    void aTrainingThatIsKilledInEachPartEndsWithTheSameBits() throws Exception {
        TrainResult whole = run("whole", Progress.SILENT);
        assertCountsBothParts(whole);
        for (int checks : List.of(13, 7, 6, 10)) {
            assertThatThrownBy(() -> run("cut", new ExactnessTest.Interrupted(checks, Killed::new)))
                    .isInstanceOf(Killed.class);
        }
        TrainResult resumed = run("cut", Progress.SILENT);
        assertThat(resumed.curve()).isEqualTo(whole.curve());
        assertThat(resumed.steps()).isEqualTo(whole.steps());
        assertThat(Files.readAllBytes(folder.resolve("cut").resolve(Trainer.ADAPTER)))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole").resolve(Trainer.ADAPTER)));
    }

    private void assertCountsBothParts(TrainResult result) throws IOException {
        assertThat(result.steps()).isEqualTo(2 * 2 * 8);
        assertThat(result.curve()).hasSize(4);
        assertThat(result.bestEpoch()).isGreaterThan(2);
        Safetensors adapter = Safetensors.open(folder.resolve("whole").resolve(Trainer.ADAPTER));
        assertThat(Arrays.stream(adapter.numbers(AT + "prompt_row_mask")).sum()).isEqualTo(3);
    }

    /** |sum p dL/dp| over each of as many parts of the prompt. */
    private static double[] importance(Learner<TFloat64> learner, int parts) {
        double[] gradient = learner.gradients(Samples.batch(0, 8), 7).get(AT + "prompt_rows");
        double[] values = value(learner, AT + "prompt_rows");
        double[] sums = new double[parts];
        for (int i = 0; i < values.length; i++) {
            sums[i / (values.length / parts)] += values[i] * gradient[i];
        }
        return Arrays.stream(sums).map(Math::abs).toArray();
    }

    /** 1 for the highest ones, 0 for the others. */
    private static double[] highest(double[] importance, int count) {
        double[] ranked = Arrays.stream(importance).sorted().toArray();
        double least = ranked[ranked.length - count];
        return Arrays.stream(importance).map(one -> one >= least ? 1 : 0).toArray();
    }

    private static double[] value(Learner<TFloat64> learner, String name) {
        return learner.values(learner.model().vars().delivered()).stream()
                .filter(entry -> entry.name().equals(name))
                .map(entry -> Numbers.of(entry).values())
                .findFirst()
                .orElseThrow();
    }

    private Learner<TFloat64> learner(Backbone backbone, double rows, double pieces, Aim aim) {
        Map<String, Object> settings = Map.of(
                "length", (long) LENGTH, "pieces", (long) PIECES, "dropped_rows", rows, "dropped_pieces", pieces);
        return new Learner<>(
                TFloat64.class,
                backbone,
                XPROMPT,
                Settings.of(XPROMPT.spec().settings(), settings),
                new Model.Task(3, false, "mean", 0.1, false, 0, 0, Precision.F32, aim),
                new Optimizing(0, 1),
                new WeightFiles(folder).of(backbone),
                1);
    }

    private TrainResult run(String name, Progress progress) {
        TrainRequest request = Trainings.request(
                "tiny",
                "xprompt",
                Map.of("length", LENGTH, "pieces", PIECES, "batches", 2),
                "epochs",
                2,
                "checkpointEvery",
                3);
        return new Trainer(new Supply(List.of(new TinyBert()), Methods.ALL, new WeightFiles(folder)))
                .run(
                        request,
                        Samples.split("train", 60),
                        Samples.split("validation", 20),
                        LearningRates::accuracy,
                        folder.resolve(name),
                        folder.resolve(name + "-checkpoints"),
                        progress);
    }

    /** An end that nobody can react to. */
    private static final class Killed extends Error {}
}
