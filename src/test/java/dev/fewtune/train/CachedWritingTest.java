package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.MethodSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** What is kept from token to token is what reading everything anew would give, whatever a method has done to the network. */
class CachedWritingTest {
    /** More than the slots that a past has at first. */
    private static final int LONGEST = 19;

    private static final List<int[]> SOURCES =
            List.of(new int[] {5, 9, 14, 3, 22, 8}, new int[] {7}, new int[] {30, 4, 11});
    private static final List<int[]> TARGETS =
            List.of(new int[] {12, 13, 9}, new int[] {31, 2}, new int[] {6, 25, 18, 2});

    @TempDir
    Path cache;

    static Stream<Arguments> pairs() {
        return Stream.of("t5-v1_1", "llama").flatMap(network -> Methods.specs().stream()
                .map(MethodSpec::name)
                .filter(CachedWritingTest::seesSeveralTokens)
                .map(method -> Arguments.argumentSet(method + " on " + network, method, network)));
    }

    /** Of all others, which treat each token for itself, one will do. */
    private static boolean seesSeveralTokens(String name) {
        Method method = Methods.named(name);
        if (name.equals("lst")) {
            // It keeps nothing, and says so.
            return false;
        }
        try (Graph graph = new Graph()) {
            Given given = new Given(Sources.tiny(16), List.of(""), null);
            Class<?> graft = method.graft(
                            new Vars<>(Ops.create(graph), TFloat64.class), Contract.settings(method), given)
                    .getClass();
            return name.equals("lora")
                    || Stream.of(graft.getMethods())
                            .filter(hook -> Set.of("embed", "keyValue").contains(hook.getName()))
                            .anyMatch(hook -> !hook.isDefault());
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void isThatOfTheWholeTextReadAnew(String method, String network) {
        for (int beams : method.equals("lora") ? new int[] {1, 3} : new int[] {3}) {
            try (Learner<TFloat64> learner = learner(method, network, beams)) {
                Batch batch = Texts.batch(SOURCES, TARGETS);
                for (int step = 0; step < 3; step++) {
                    learner.step(batch, 0.02, step);
                }
                List<List<Search.Found>> found = learner.write(batch, () -> {});
                for (int best = 0; best < beams; best++) {
                    requireScores(learner, found, best);
                }
            }
        }
    }

    /** The score of a text is its likelihood without any cache; of every beginning of a text, too. */
    private static void requireScores(Learner<TFloat64> learner, List<List<Search.Found>> found, int best) {
        List<int[]> texts = found.stream().map(all -> all.get(best).tokens()).toList();
        double[][] anew = learner.predict(Texts.batch(SOURCES, texts));
        for (int i = 0; i < texts.size(); i++) {
            double expected = anew[i][0] / texts.get(i).length;
            assertThat(found.get(i).get(best).score()).isCloseTo(expected, within(1e-9));
        }
        List<int[]> shorter = texts.stream()
                .map(text -> Arrays.copyOf(text, Math.max(1, text.length - 3)))
                .toList();
        double[][] before = learner.predict(Texts.batch(SOURCES, shorter));
        for (int i = 0; i < texts.size(); i++) {
            assertThat(before[i][0]).isGreaterThanOrEqualTo(anew[i][0]);
        }
    }

    private Learner<TFloat64> learner(String name, String network, int beams) {
        Backbone backbone = Texts.backbone(network);
        Method method = Methods.named(name);
        return new Learner<>(
                TFloat64.class,
                backbone,
                method,
                Contract.settings(method),
                new Model.Task(1, false, "mean", 0, true, 0, 0, Precision.F32, Aim.textToText(LONGEST, beams))
                        .beside(Sources.tiny(backbone.spec().hidden()), List.of()),
                new Optimizing(0, 1),
                new WeightFiles(cache).of(backbone),
                1);
    }
}
