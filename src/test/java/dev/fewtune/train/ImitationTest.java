package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat64;

/** A student without a head of its own learns from its teacher: at every word that is written, or at the mask. */
class ImitationTest {
    private static final String PROMPT = "encoder.tokens.shared_prompt";
    private static final int MASK = 4;

    @TempDir
    Path folder;

    @Test
    void isOfEveryWordThatIsWritten() throws IOException {
        Aim aim = Aim.textToText(4, 1);
        keepsItsPromises("t5-v1_1", aim, List.of(new int[] {5, 6, 7, 1}, new int[] {9, 8, 1}));
    }

    @Test
    void isOfTheWholeVocabularyAtTheMask() throws IOException {
        List<List<Integer>> words = List.of(List.of(5), List.of(6), List.of(7), List.of(8), List.of(9));
        keepsItsPromises("bert", Aim.verbalizer(words, MASK), List.of(new int[] {5, MASK, 7, 1}, new int[] {9, MASK}));
    }

    /** It costs nothing where both are the same, and else its gradient is that of the loss. */
    private void keepsItsPromises(String network, Aim aim, List<int[]> texts) throws IOException {
        Backbone backbone = Texts.backbone(network);
        Batch batch = Texts.batch(texts, List.of(new int[] {10, 11, 1}, new int[] {12, 1}), 0, 1);
        int width = backbone.spec().hidden();
        try (Learner<TFloat64> taught = learner(backbone, aim, 0.9);
                Learner<TFloat64> alone = learner(backbone, aim, 0)) {
            assertThat(taught.loss(batch, 0)).isGreaterThan(alone.loss(batch, 0) + 1e-9);
            double[] gradient = taught.gradients(batch, 0).get(PROMPT);
            double[] prompt = values(taught, PROMPT);
            double nudge = 1e-5;
            int place = gradient.length / 3;
            double slope = (nudged(taught, batch, prompt, place, nudge) - nudged(taught, batch, prompt, place, -nudge))
                    / (2 * nudge);
            assertThat(slope).isCloseTo(gradient[place], within(1e-6));

            double[] teacher = Sources.made("one", Sources.LENGTH, width).values();
            for (Learner<TFloat64> learner : List.of(taught, alone)) {
                set(learner, PROMPT, teacher);
                set(learner, "encoder.tokens.task_columns", ones(2 * Sources.LENGTH));
                set(learner, "encoder.tokens.task_rows", ones(2 * width));
            }
            assertThat(taught.loss(batch, 0)).isCloseTo(alone.loss(batch, 0), within(1e-12));
        }
    }

    private double nudged(Learner<TFloat64> learner, Batch batch, double[] prompt, int place, double nudge)
            throws IOException {
        double[] moved = prompt.clone();
        moved[place] += nudge;
        set(learner, PROMPT, moved);
        return learner.loss(batch, 0);
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] values(Learner<TFloat64> learner, String name) {
        return learner.trainedNumbers().get(name).values();
    }

    private void set(Learner<TFloat64> learner, String name, double[] values) throws IOException {
        List<Safetensors.Entry> entries = learner.values(learner.model().vars().trained()).stream()
                .map(entry -> entry.name().equals(name) ? filled(entry, values) : entry)
                .toList();
        Path file = folder.resolve("set.safetensors");
        Safetensors.write(file, entries);
        learner.restore(Safetensors.open(file));
    }

    private static Safetensors.Entry filled(Safetensors.Entry entry, double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putDouble);
        return new Safetensors.Entry(entry.name(), entry.type(), entry.shape(), bytes.flip());
    }

    private Learner<TFloat64> learner(Backbone backbone, Aim aim, double distill) {
        Map<String, Object> given = Map.of("length", (long) Sources.LENGTH, "distill", distill);
        return new Learner<>(
                TFloat64.class,
                backbone,
                Methods.named("mpt"),
                Settings.of(Methods.named("mpt").spec().settings(), given),
                new Model.Task(5, false, "mean", 0, true, 0, 0, Precision.F32, aim)
                        .beside(Sources.taught(backbone.spec().hidden()), Sources.MEMBERS),
                new Optimizing(0, 0),
                new WeightFiles(folder).of(backbone),
                1);
    }
}
