package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

class MethodContractTest {
    private static final TinyBert TINY = new TinyBert();
    private static final List<String> LINEAR =
            List.of("query", "key", "value", "attention_output", "intermediate", "output");
    private static final List<String> NORMS = List.of("attention_norm", "output_norm");

    @TempDir
    Path folder;

    private Weights weights;

    @BeforeEach
    void convert() {
        weights = new WeightFiles(folder).of(TINY);
    }

    static Stream<String> names() {
        return Methods.specs().stream().map(MethodSpec::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void learnsExactlyWhatItDeclaresWithoutTheHead(String name) throws Exception {
        assumeTrue(!name.equals("head-only"), "with a frozen head, head-only has nothing to train");
        assertThat(contract().broken(Methods.named(name), declared(name))).isEmpty();
    }

    @Test
    void headOnlyTrainsNothingWithAFrozenHead() throws Exception {
        assertThat(contract().broken(Methods.named("head-only"), Set.of())).containsExactly("trains nothing");
    }

    @ParameterizedTest
    @MethodSource("names")
    void startsAtTheBaseIfItSaysSo(String name) {
        Method method = Methods.named(name);
        assumeTrue(method.spec().startsAtBase(), name + " does not promise to start at the base");
        try (Learner<TFloat64> base = contract().predictor(Methods.named("head-only"), 1);
                Learner<TFloat64> learner = contract().predictor(method, 1)) {
            assertClose(learner.predict(Samples.batch(0, 8)), base.predict(Samples.batch(0, 8)), 1e-12);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void paddingDoesNotChangeWhatIsPredicted(String name) {
        try (Learner<TFloat64> learner = contract().predictor(Methods.named(name), 1)) {
            assertClose(learner.predict(Samples.batch(0, 8)), learner.predict(Samples.batch(0, 24)), 1e-9);
        }
    }

    @Test
    void anEmptyGraftBreaksTheContract() throws Exception {
        assertThat(contract().broken(fake(new Nothing()), declared("lora"))).contains("trains nothing");
    }

    @Test
    void aGraftOnAWrongJointBreaksTheContract() throws Exception {
        assertThat(contract().broken(fake(new WrongJoint()), declared("lora")))
                .anyMatch(promise -> promise.startsWith("trains [encoder.0.key.lora_a"));
    }

    @Test
    void aGraftWhoseUpdateIsBlockedBreaksTheContract() throws Exception {
        assertThat(contract().broken(fake(new Blocked()), declared("lora")))
                .anyMatch(promise -> promise.endsWith("has no gradient"));
    }

    @Test
    void namesARankLargerThanItsMatrix() {
        Method lora = Methods.named("lora");
        assertThatThrownBy(() -> new Trainer(supply()).counts(request("tiny", "lora", Map.of("rank", 17))))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("The rank (17) of lora is larger than the matrix encoder.0.query")
                .hasMessageContaining("16 x 16");
        assertThat(lora.spec().settings()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "full, 22565376, 0",
        "head-only, 0, 0",
        "bitfit, 25728, 0",
        "lora, 73728, 0",
        "houlsby, 447552, 9216",
        "prompt-tuning, 7680, 0"
    })
    void countsOnMiniLmEqualTheFormulas(String name, long method, long norms) {
        TrainResult counts = new Trainer(Supply.builtIn(folder)).counts(LearningRates.request(name, 0, 1));
        assertThat(List.of(counts.methodParameters(), counts.normParameters(), counts.headParameters()))
                .containsExactly(method, norms, 9240L);
    }

    private Contract contract() {
        return new Contract(TINY, weights, folder);
    }

    private Supply supply() {
        return new Supply(List.of(TINY), Methods.ALL, new WeightFiles(folder));
    }

    static TrainRequest request(String backbone, String method, Map<String, Object> settings) {
        TrainSettings training = new TrainSettings(3, 8, 1e-2, "linear", 0.1, 0.01, 0.1, 1, "mean", true, 2);
        return new TrainRequest(backbone, method, settings, 3, false, "accuracy", training, 1);
    }

    private static Set<String> declared(String method) {
        Set<String> names = new TreeSet<>(DeclaredWeights.of(method));
        if (!names.isEmpty()) {
            return names;
        }
        for (int layer = 0; layer < TinyBert.LAYERS; layer++) {
            String at = "encoder." + layer + ".";
            switch (method) {
                case "bitfit" -> {
                    add(names, at, LINEAR, List.of("bias"));
                    add(names, at, NORMS, List.of("bias"));
                }
                case "full" -> {
                    add(names, at, LINEAR, List.of("weight", "bias"));
                    add(names, at, NORMS, List.of("scale", "bias"));
                }
                case "houlsby" -> {
                    add(
                            names,
                            at,
                            List.of("attention", "feed_forward"),
                            List.of("adapter_down", "adapter_down_bias", "adapter_up", "adapter_up_bias"));
                    add(names, at, NORMS, List.of("scale", "bias"));
                }
                default -> names.addAll(DeclaredPrompts.of(method));
            }
        }
        if (method.equals("full")) {
            add(names, "encoder.", List.of("tokens", "positions", "types"), List.of("weight"));
            names.add("encoder.embedding_norm.scale");
        }
        if (method.equals("full") || method.equals("bitfit")) {
            names.add("encoder.embedding_norm.bias");
        }
        return names;
    }

    private static void add(Set<String> names, String at, List<String> sites, List<String> suffixes) {
        sites.forEach(site -> suffixes.forEach(suffix -> names.add(at + site + "." + suffix)));
    }

    private static void assertClose(double[][] found, double[][] expected, double offset) {
        for (int row = 0; row < expected.length; row++) {
            assertThat(found[row]).containsExactly(expected[row], Offset.offset(offset));
        }
    }

    private static Method fake(Broken broken) {
        return new Method() {
            @Override
            public MethodSpec spec() {
                return MethodSpec.named("fake", "Fake").startsAtBase().settings();
            }

            @Override
            public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
                return broken.graft(vars);
            }
        };
    }

    /** A method with a fault. */
    private interface Broken {
        <T extends TFloating> Graft<T> graft(Vars<T> vars);
    }

    private static final class Nothing implements Broken {
        @Override
        public <T extends TFloating> Graft<T> graft(Vars<T> vars) {
            return new Graft<>() {};
        }
    }

    private static final class WrongJoint implements Broken {
        @Override
        public <T extends TFloating> Graft<T> graft(Vars<T> vars) {
            return low(vars, List.of(Site.KEY, Site.VALUE), false);
        }
    }

    private static final class Blocked implements Broken {
        @Override
        public <T extends TFloating> Graft<T> graft(Vars<T> vars) {
            return low(vars, List.of(Site.QUERY, Site.VALUE), true);
        }
    }

    private static <T extends TFloating> Graft<T> low(Vars<T> vars, List<Site> sites, boolean blocked) {
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                Operand<T> y = pass.tf().linalg.matMul(x, w);
                if (!sites.contains(at.site())) {
                    return y;
                }
                Operand<T> a = vars.fresh(at, "lora_a", Init.uniform(0.25), at.in(), 4);
                Operand<T> b = vars.fresh(at, "lora_b", Init.zeros(), 4, at.out());
                Operand<T> low = pass.tf().linalg.matMul(pass.tf().linalg.matMul(x, a), b);
                return pass.tf().math.add(y, blocked ? pass.tf().math.mul(low, pass.number(0)) : low);
            }
        };
    }
}
