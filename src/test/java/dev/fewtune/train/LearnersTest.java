package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearnersTest {
    @TempDir
    Path folder;

    static Stream<String> names() {
        return Methods.specs().stream().map(MethodSpec::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aSeedInTheGraphOfAnotherEndsWithTheBitsOfAFreshOne(String method) throws Exception {
        Supply shared = supply();
        train(shared, request(method, 1), "first");
        train(shared, request(method, 2), "second");
        train(supply(), request(method, 2), "fresh");
        assertThat(adapter("second")).isEqualTo(adapter("fresh")).isNotEqualTo(adapter("first"));
    }

    @Test
    void keepsOneGraphForTheNextSeedAndForNothingElse() {
        Supply supply = supply();
        Learner<?> first = lent(supply, "lora", 1, true);
        assertThat(lent(supply, "lora", 2, true)).isSameAs(first);
        Learner<?> other = lent(supply, "bitfit", 1, true);
        assertThat(lent(supply, "lora", 3, true)).isNotSameAs(first);
        assertThat(lent(supply, "bitfit", 2, true)).isNotSameAs(other);
    }

    @Test
    void keepsAGraphForItsOwnPrecisionOnly() {
        Supply supply = supply();
        Learner<?> narrow = lent(supply, "lora", Precision.BF16, 1, true);
        assertThat(lent(supply, "lora", Precision.BF16, 2, true)).isSameAs(narrow);
        assertThat(lent(supply, "lora", Precision.F32, 3, true)).isNotSameAs(narrow);
    }

    @Test
    void keepsNoGraphInWhichSomethingWentWrong() {
        Supply supply = supply();
        Learner<?> first = lent(supply, "lora", 1, false);
        assertThat(lent(supply, "lora", 2, true)).isNotSameAs(first);
    }

    private static Learner<?> lent(Supply supply, String method, long seed, boolean sound) {
        return lent(supply, method, Precision.F32, seed, sound);
    }

    private static Learner<?> lent(Supply supply, String method, Precision precision, long seed, boolean sound) {
        TrainRequest request = request(method, seed);
        Learners.Plan plan = new Learners.Plan(
                supply.backbone("tiny"),
                supply.method(method),
                supply.settings(supply.method(method), Map.of()),
                Trainer.task(request).in(precision),
                null);
        try (Learners.Loan loan = supply.learner(plan, seed)) {
            if (sound) {
                loan.sound();
            }
            return loan.learner();
        }
    }

    private void train(Supply supply, TrainRequest request, String name) {
        Sources.trainer(supply, request, 16)
                .run(
                        request,
                        Samples.split("train", 60),
                        Samples.split("validation", 20),
                        LearningRates::accuracy,
                        folder.resolve(name),
                        folder.resolve(name + "-checkpoints"),
                        Progress.SILENT);
    }

    private byte[] adapter(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name).resolve(Trainer.ADAPTER));
    }

    private static TrainRequest request(String method, long seed) {
        TrainRequest one = MethodContractTest.request(
                "tiny", method, Contract.settings(Methods.named(method)).values());
        TrainRequest other = new TrainRequest(
                one.backbone(),
                method,
                one.methodSettings(),
                one.classes(),
                one.regression(),
                one.metric(),
                one.training(),
                seed);
        return Sources.given(other, 16);
    }

    private Supply supply() {
        return new Supply(List.of(new TinyBert()), Methods.ALL, new WeightFiles(folder.resolve("cache")));
    }
}
