package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TFloat64;

/** Every method on every architecture, on small networks that Transformers has saved. */
class NetworksContractTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final List<String> NETWORKS = List.of("roberta", "llama", "t5-v1_1");

    @TempDir
    Path folder;

    static Stream<Arguments> pairs() {
        return NETWORKS.stream().flatMap(network -> Methods.specs().stream()
                .map(method -> Arguments.argumentSet(method.name() + " on " + network, method.name(), network)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void learnsWithoutTheHeadAndLeavesTheRestAlone(String method, String network) throws Exception {
        assumeTrue(!method.equals("head-only"), "with a frozen head, head-only has nothing to train");
        assertThat(contract(network).broken(Methods.named(method))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void predictsTheSameWhateverThePadding(String name, String network) {
        Method method = Methods.named(name);
        try (Learner<TFloat64> learner = contract(network).predictor(method, 1)) {
            double[][] narrow = learner.predict(Samples.batch(0, 8));
            double[][] wide = learner.predict(Samples.batch(0, 12));
            for (int row = 0; row < narrow.length; row++) {
                assertThat(wide[row]).containsExactly(narrow[row], Offset.offset(1e-9));
            }
        }
    }

    @Test
    void readsTheLastTokenOfADecoder() {
        TrainSettings training = new TrainSettings(2, 8, 1e-2, "linear", 0.1, 0.01, 0, 1, "last", true, 0);
        String llama = MODELS.resolve("llama").toString();
        TrainRequest request = new TrainRequest(llama, "lora", Map.of(), 3, false, "accuracy", training, 1);
        Supply supply = new Supply(List.of(), Methods.ALL, new WeightFiles(folder));
        TrainResult result = new Trainer(supply)
                .run(
                        request,
                        Samples.split("train", 64),
                        Samples.split("validation", 16),
                        (targets, predictions) -> 0,
                        folder.resolve("out"),
                        folder.resolve("checkpoints"),
                        dev.fewtune.spec.Progress.SILENT);
        assertThat(result.curve().get(1).trainLoss())
                .isLessThan(result.curve().get(0).trainLoss());
    }

    private Contract contract(String network) {
        Backbone backbone = FolderBackbone.open(network, MODELS.resolve(network));
        return new Contract(backbone, new WeightFiles(folder).of(backbone), folder);
    }
}
