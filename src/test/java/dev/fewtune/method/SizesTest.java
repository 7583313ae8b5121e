package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A size that does not fit a network is refused in words that name it, the place and a size that fits. */
class SizesTest {
    static Stream<Arguments> misfits() {
        return Stream.of(
                misfit("rslora", Map.of("rank", 13L), "The rank (13) of rslora is larger", "12 x 18", "rank: 8"),
                misfit("lora+", Map.of("rank", 13L), "The rank (13) of lora+ is larger", "12 x 18", "rank: 8"),
                misfit("dora", Map.of("rank", 13L), "The rank (13) of dora is larger", "12 x 18", "rank: 8"),
                misfit("pissa", Map.of("rank", 13L), "The rank (13) of pissa is larger", "12 x 18", "rank: 8"),
                misfit("loha", Map.of("rank", 13L), "The rank (13) of loha is larger", "12 x 18", "rank: 8"),
                misfit(
                        "krona",
                        Map.of("rows", 5L),
                        "The rows (5) of krona do not divide 12",
                        "encoder.0.query",
                        "rows: 0"),
                misfit(
                        "krona",
                        Map.of("columns", 4L),
                        "The columns (4) of krona do not divide 18",
                        "encoder.0.query",
                        "columns: 0"),
                misfit(
                        "fourierft",
                        Map.of("frequencies", 217L),
                        "The frequencies (217) of fourierft are more",
                        "12 x 18",
                        "frequencies: 27"),
                misfit(
                        "oft",
                        Map.of("block_size", 8L),
                        "The block_size (8) of oft does not divide 12",
                        "encoder.0.query",
                        "block_size: 6"),
                misfit(
                        "boft",
                        Map.of("block_size", 8L),
                        "The block_size (8) of boft does not divide 12",
                        "encoder.0.query",
                        "block_size: 6"),
                misfit("boft", Map.of("factors", 2L), "The factors (2) of boft", "block_size (4)", "factors: 1"),
                misfit(
                        "compacter",
                        Map.of("n", 8L),
                        "The n (8) of compacter must divide the bottleneck (24) and 12",
                        "encoder.0.feed_forward",
                        "n: 6"),
                misfit(
                        "compacter++",
                        Map.of("bottleneck", 9L),
                        "The n (4) of compacter++ must divide the bottleneck (9) and 12",
                        "encoder.0.feed_forward",
                        "n: 3"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void namesASizeThatDoesNotFit(String method, Map<String, Object> given, String what, String where, String maybe) {
        assertThatThrownBy(() -> write(method, given))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> org.assertj.core.api.Assertions.assertThat(failure.kind())
                                .isEqualTo(Cause.YOURS))
                .hasMessageContaining(what)
                .hasMessageContaining(where)
                .hasMessageEndingWith("Maybe " + maybe + (maybe.endsWith(": 0") ? " for the most even factors." : "."));
    }

    private static Arguments misfit(String method, Map<String, Object> given, String what, String where, String maybe) {
        return Arguments.argumentSet(method + " with " + given, method, given, what, where, maybe);
    }

    private static void write(String name, Map<String, Object> given) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Pass<TFloat32> pass = new Pass<>(tf, TFloat32.class, null);
            Method method = Methods.named(name);
            Settings settings = Settings.of(method.spec().settings(), given);
            Graft<TFloat32> graft = method.graft(new Vars<>(tf, TFloat32.class), settings);
            Operand<TFloat32> x = tf.constant(new float[1][12]);
            graft.project(pass, new Joint("encoder", 0, Site.QUERY, 12, 18), x, tf.constant(new float[12][18]));
            graft.block(pass, new Joint("encoder", 0, Site.FEED_FORWARD, 12, 12), x, x);
        }
    }
}
