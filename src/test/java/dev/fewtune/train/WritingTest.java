package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** What is written, scored and lost is what Transformers writes, scores and loses; made by {@code writing.py}. */
class WritingTest {
    private static final int LONGEST = 10;
    private static final double SMOOTHING = 0.1;
    private static final Percentage TOLERANCE = Percentage.withPercentage(1e-3);

    @TempDir
    Path cache;

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1", "llama"})
    void takesTheTokensThatTransformersTakes(String model) throws IOException {
        for (List<JsonNode> cases : byEnd(model)) {
            List<List<Search.Found>> found = write(model, cases, 1);
            for (int i = 0; i < cases.size(); i++) {
                assertThat(found.get(i).get(0).tokens())
                        .as("text %s of %s", i, model)
                        .containsExactly(Texts.ints(cases.get(i).get("greedy")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1", "llama"})
    void findsTheTextsAndScoresOfABeamThatTransformersFinds(String model) throws IOException {
        for (List<JsonNode> cases : byEnd(model)) {
            List<List<Search.Found>> found = write(model, cases, 4);
            for (int i = 0; i < cases.size(); i++) {
                List<int[]> beams = Texts.rows(cases.get(i).get("beams"));
                double[] scores = Texts.doubles(cases.get(i).get("scores"));
                assertThat(found.get(i)).hasSize(beams.size());
                for (int beam = 0; beam < beams.size(); beam++) {
                    Search.Found text = found.get(i).get(beam);
                    assertThat(text.tokens())
                            .as("beam %s of text %s of %s", beam, i, model)
                            .containsExactly(beams.get(beam));
                    assertThat(text.score()).isCloseTo(scores[beam], TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1", "llama"})
    void losesWhatTransformersLosesOnTheTargets(String model) throws IOException {
        JsonNode expected = Texts.expected(model);
        Backbone backbone = Texts.backbone(model);
        int end = backbone.writer().orElseThrow().marks().ends().get(0);
        List<int[]> targets = Texts.rows(expected.get("targets")).stream()
                .map(target -> Texts.ended(target, end))
                .toList();
        Batch batch = Texts.batch(sources(byEnd(model).get(0)), targets);
        try (Learner<TFloat32> learner = learner(backbone, Aim.textToText(LONGEST, 1))) {
            double loss = learner.model().objective().loss(learner.predict(batch), batch.targets());
            assertThat(loss).isCloseTo(expected.get("loss").asDouble(), TOLERANCE);
            assertThat(learner.loss(batch, 0)).isCloseTo(expected.get("loss").asDouble(), TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1", "llama"})
    void findsWordsAsLikelyAsTransformersDoes(String model) throws IOException {
        JsonNode expected = Texts.expected(model);
        Backbone backbone = Texts.backbone(model);
        int end = backbone.writer().orElseThrow().marks().ends().get(0);
        List<int[]> words = Texts.rows(expected.get("words")).stream()
                .map(word -> Texts.ended(word, end))
                .toList();
        Batch batch = Texts.batch(sources(byEnd(model).get(0)), List.of());
        try (Learner<TFloat32> learner = learner(backbone, Aim.verbalizer(Texts.words(words), -1))) {
            double[][] scores = learner.predict(batch);
            for (int i = 0; i < scores.length; i++) {
                double[] likely = Texts.doubles(expected.get("scores").get(i));
                for (int word = 0; word < likely.length; word++) {
                    assertThat(scores[i][word]).isCloseTo(likely[word], TOLERANCE);
                }
            }
        }
    }

    @Test
    void scoresWordsAtAMaskAsTransformersDoes() throws IOException {
        JsonNode expected = Texts.expected("bert");
        List<List<Integer>> words = Texts.words(IntStream.of(Texts.ints(expected.get("words")))
                .mapToObj(word -> new int[] {word})
                .toList());
        Batch batch =
                Texts.batch(Texts.rows(expected.get("sources")), List.of(), Texts.doubles(expected.get("classes")));
        Aim aim = Aim.verbalizer(words, expected.get("mask").asInt());
        try (Learner<TFloat32> learner = learner(Texts.backbone("bert"), aim)) {
            double[][] scores = learner.predict(batch);
            for (int i = 0; i < scores.length; i++) {
                assertThat(scores[i])
                        .containsExactly(Texts.doubles(expected.get("scores").get(i)), within(1e-5));
            }
            assertThat(learner.loss(batch, 0)).isCloseTo(expected.get("loss").asDouble(), TOLERANCE);
        }
    }

    /** Of a target of one token: the logarithms of all tokens are known, when each was the target once. */
    @Test
    void smoothsATextOverTheWholeVocabulary() {
        Backbone backbone = Texts.backbone("t5-v1_0");
        int[] source = {5, 9, 14};
        List<int[]> all = IntStream.range(0, backbone.spec().vocabulary())
                .mapToObj(token -> new int[] {token})
                .toList();
        Batch each = Texts.batch(all.stream().map(token -> source).toList(), all);
        Batch one = Texts.batch(List.of(source), List.of(all.get(17)));
        try (Learner<TFloat32> learner = learner(backbone, Aim.textToText(LONGEST, 1), SMOOTHING)) {
            double[] likely = Arrays.stream(learner.predict(each))
                    .mapToDouble(row -> row[0])
                    .toArray();
            assertThat(Arrays.stream(likely).map(Math::exp).sum()).isCloseTo(1, within(1e-5));
            assertThat(learner.loss(one, 0)).isCloseTo(smoothed(likely, 17), TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "bert"})
    void smoothsAChoiceOverTheWords(String model) throws IOException {
        Backbone backbone = Texts.backbone(model);
        List<List<Integer>> words = List.of(List.of(7), List.of(21), List.of(33));
        Batch batch = Texts.batch(List.of(new int[] {5, 4, 9}), List.of(), 2);
        try (Learner<TFloat32> learner = learner(backbone, Aim.verbalizer(words, 4), SMOOTHING)) {
            double[] scores = learner.predict(batch)[0];
            double all = Math.log(Arrays.stream(scores).map(Math::exp).sum());
            double[] likely = Arrays.stream(scores).map(score -> score - all).toArray();
            assertThat(learner.loss(batch, 0)).isCloseTo(smoothed(likely, 2), TOLERANCE);
        }
    }

    @Test
    void endsWithinOneTokenWhenItIsCancelled() throws IOException {
        List<JsonNode> cases = byEnd("t5-v1_0").get(0);
        List<Integer> tokens = new ArrayList<>();
        try (Learner<TFloat32> learner = learner(Texts.backbone("t5-v1_0"), Aim.textToText(LONGEST, 1))) {
            assertThatThrownBy(() -> learner.write(Texts.batch(sources(cases), List.of()), () -> {
                        tokens.add(0);
                        if (tokens.size() == 3) {
                            throw new CancelledException();
                        }
                    }))
                    .isInstanceOf(CancelledException.class);
        }
        assertThat(tokens).hasSize(3);
    }

    private List<List<Search.Found>> write(String model, List<JsonNode> cases, int beams) {
        Backbone backbone =
                new OtherEnd(Texts.backbone(model), cases.get(0).get("end").asInt());
        try (Learner<TFloat32> learner = learner(backbone, Aim.textToText(LONGEST, beams))) {
            return learner.write(Texts.batch(sources(cases), List.of()), () -> {});
        }
    }

    private static double smoothed(double[] likely, int right) {
        double even = Arrays.stream(likely).average().orElseThrow();
        return -(1 - SMOOTHING) * likely[right] - SMOOTHING * even;
    }

    private Learner<TFloat32> learner(Backbone backbone, Aim aim) {
        return learner(backbone, aim, 0);
    }

    private Learner<TFloat32> learner(Backbone backbone, Aim aim, double smoothing) {
        return new Learner<>(
                TFloat32.class,
                backbone,
                Methods.named("bitfit"),
                Settings.of(List.of(), Map.of()),
                new Model.Task(3, false, "mean", 0, true, 0, smoothing, Precision.F32, aim),
                new Optimizing(0, 0),
                new WeightFiles(cache).of(backbone),
                1);
    }

    /** The cases of a model; those with one end can be in one batch. */
    private static List<List<JsonNode>> byEnd(String model) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        Texts.expected(model).get("cases").forEach(all::add);
        int half = all.size() / 2;
        return List.of(all.subList(0, half), all.subList(half, all.size()));
    }

    private static List<int[]> sources(List<JsonNode> cases) {
        return cases.stream().map(one -> Texts.ints(one.get("source"))).toList();
    }
}
