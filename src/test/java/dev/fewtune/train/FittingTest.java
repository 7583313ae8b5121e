package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Settings;
import dev.fewtune.text.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** Which epoch is kept, when a training ends early, and what is said where it cannot go on. */
class FittingTest {
    private static final Encoded TRAIN = Samples.split("train", 60);
    private static final Encoded VALIDATION = Samples.split("validation", 20);

    @TempDir
    Path folder;

    @Test
    void endsAfterAsManyEpochsWithoutABetterScoreAsPatienceAllows() {
        List<String> said = new ArrayList<>();
        TrainResult result =
                run(request("epochs", 9, "patience", 2), scores(0.5, 0.7, 0.7, 0.6, 0.9, 1), "a", logging(said));
        assertThat(result.curve()).hasSize(4);
        assertThat(result.bestEpoch()).isEqualTo(2);
        assertThat(result.steps()).isEqualTo(4 * 8);
        assertThat(said).contains("Ends after epoch 4 of 9: no better score since epoch 2.");
    }

    @Test
    void patienceStartsAgainAfterABetterScore() {
        TrainResult result = run(
                request("epochs", 9, "patience", 2),
                scores(0.5, 0.4, 0.6, 0.5, 0.7, 0.1, 0.1, 0.9, 0.9),
                "a",
                Progress.SILENT);
        assertThat(result.curve()).hasSize(7);
        assertThat(result.bestEpoch()).isEqualTo(5);
    }

    @Test
    void trainsEveryEpochWithoutPatience() {
        TrainResult result = run(request("epochs", 5), scores(5, 4, 3, 2, 1), "a", Progress.SILENT);
        assertThat(result.curve()).hasSize(5);
        assertThat(result.bestEpoch()).isEqualTo(1);
    }

    @Test
    void keepsTheWeightsOfTheEpochWithTheHighestScore() throws Exception {
        run(request("epochs", 3, "schedule", "constant", "warmup", 0), scores(1, 3, 2), "best", Progress.SILENT);
        run(request("epochs", 2, "schedule", "constant", "warmup", 0), scores(1, 2), "two", Progress.SILENT);
        assertThat(Files.readAllBytes(folder.resolve("best").resolve(Trainer.ADAPTER)))
                .isEqualTo(Files.readAllBytes(folder.resolve("two").resolve(Trainer.ADAPTER)));
    }

    @Test
    void namesTheStepTheRateAndTheLastFiniteCheckpointWhereTheLossIsNotFinite() throws Exception {
        TrainRequest request = request("learningRate", 1e38, "schedule", "constant", "warmup", 0.2, "maxGradNorm", 0);
        assertThatThrownBy(() -> run(request, LearningRates::accuracy, "a", Progress.SILENT))
                .isInstanceOf(CellFailure.class)
                .hasMessageMatching("(?s)The loss became (NaN|Infinity) at step [23], where the learning rate was "
                        + "[0-9.]+E37 \\(peak 1.0E38\\)\\. .* Maybe a lower lr\\.")
                .extracting(failure -> ((CellFailure) failure).kind())
                .isEqualTo(Cause.YOURS);
        assertThat(folder.resolve("a").resolve(Trainer.ADAPTER)).doesNotExist();
    }

    @Test
    void theCheckpointThatIsNamedIsThereAndFinite() throws Exception {
        assertThatThrownBy(() ->
                        run(bursting(64), request("checkpointEvery", 1), LearningRates::accuracy, "a", Progress.SILENT))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("The last checkpoint with finite numbers is that of step ")
                .hasMessageContaining(folder.resolve("a-checkpoints").toString());
        Safetensors state = Safetensors.open(folder.resolve("a-checkpoints/state.safetensors"));
        for (String name : state.names()) {
            for (double value : numbers(state, name)) {
                assertThat(value).as(name).isFinite();
            }
        }
    }

    @Test
    void namesTheBatchThatDidNotFitAndOneThatDid() {
        Method greedy = greedy(40);
        TrainRequest request = request("batchSize", 8);
        assertThatThrownBy(() -> run(greedy, request, LearningRates::accuracy, "a", Progress.SILENT))
                .isInstanceOf(CellFailure.class)
                .hasMessageMatching("Memory ran out while training greedy with a batch of \\d+ tokens "
                        + "\\(\\d texts of [1-8]\\)\\. (One of \\d+ tokens did fit\\. Maybe batch_tokens: \\d+\\."
                        + "|None was tried that is smaller\\. Maybe batch_size: 4 with accumulate: 2, which makes the "
                        + "same steps\\.)")
                .extracting(failure -> ((CellFailure) failure).kind())
                .isEqualTo(Cause.RESOURCE);
        TrainRequest suggested = request("batchSize", 8, "batchTokens", 40, "epochs", 1);
        assertThat(run(greedy, suggested, LearningRates::accuracy, "a", Progress.SILENT)
                        .curve())
                .hasSize(1);
    }

    @Test
    void saysWhatWouldFit() {
        assertThat(Shortage.says(request(), 1, 64, 32))
                .endsWith("with a batch of 64 tokens (a single text of 64). Maybe a smaller max_length.");
        assertThat(Shortage.says(request("accumulate", 2), 5, 128, 100))
                .endsWith("(5 texts of 128). None was tried that is smaller. Maybe batch_size: 3 with accumulate: 4, "
                        + "which makes the same steps.");
        assertThat(Shortage.says(request(), 32, 128, 2048))
                .endsWith("One of 2048 tokens did fit. Maybe batch_tokens: 2048.");
        assertThat(Shortage.says(request(), 32, 128, 4096))
                .endsWith("One of 4096 tokens did fit before. Maybe fewer trainings at a time, because something else "
                        + "took the memory; or batch_tokens: 2048.");
    }

    @Test
    void refusesABudgetThatTheLongestTextDoesNotFitInto() {
        assertThatThrownBy(() -> run(request("batchTokens", 5), LearningRates::accuracy, "a", Progress.SILENT))
                .isInstanceOf(CellFailure.class)
                .hasMessage("batch_tokens (5) is less than the longest text of train, which has 8 tokens. Maybe "
                        + "batch_tokens: 8, or a smaller max_length.");
    }

    @Test
    void tellsTheShareOfPadding() {
        List<Tokens> tokens = new ArrayList<>(Collections.nCopies(6, new Tokens(new int[4], new int[4], false)));
        tokens.addAll(Collections.nCopies(2, new Tokens(new int[8], new int[8], false)));
        List<Double> measured = new ArrayList<>();
        Encoded split = new Encoded(Collections.nCopies(8, "x"), tokens, new double[8]);
        TrainResult result = new Trainer(supply(Methods.named("lora")))
                .run(
                        request("batchSize", 8, "epochs", 1),
                        split,
                        split,
                        LearningRates::accuracy,
                        folder,
                        folder,
                        measuring("padding_share", measured));
        assertThat(result.paddingShare()).isEqualTo(1 - (6 * 4 + 2 * 8) / 64.0);
        assertThat(measured).containsExactly(result.paddingShare());
    }

    private TrainRequest request(Object... changes) {
        return Trainings.request("tiny", "lora", Map.of(), changes);
    }

    private TrainResult run(
            TrainRequest request, ToDoubleBiFunction<double[], double[]> metric, String name, Progress progress) {
        return run(Methods.named("lora"), request, metric, name, progress);
    }

    private TrainResult run(
            Method method,
            TrainRequest request,
            ToDoubleBiFunction<double[], double[]> metric,
            String name,
            Progress progress) {
        TrainRequest named = new TrainRequest(
                request.backbone(),
                method.spec().name(),
                request.methodSettings(),
                request.classes(),
                request.regression(),
                request.metric(),
                request.training(),
                request.seed());
        return new Trainer(supply(method))
                .run(
                        named,
                        TRAIN,
                        VALIDATION,
                        metric,
                        folder.resolve(name),
                        folder.resolve(name + "-checkpoints"),
                        progress);
    }

    private Supply supply(Method method) {
        return new Supply(List.of(new TinyBert()), List.of(method), new WeightFiles(folder));
    }

    /** What validation finds, epoch by epoch. */
    private static ToDoubleBiFunction<double[], double[]> scores(double... scores) {
        int[] asked = {0};
        return (targets, found) -> scores[asked[0]++];
    }

    private static double[] numbers(Safetensors file, String name) {
        double[] values = new double[file.bytes(name).remaining() / 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = file.bytes(name).getFloat(4 * i);
        }
        return values;
    }

    private static Progress measuring(String metric, List<Double> values) {
        return new Telling() {
            @Override
            public void metric(String name, long step, double value) {
                if (name.equals(metric)) {
                    values.add(value);
                }
            }
        };
    }

    private static Progress logging(List<String> lines) {
        return new Telling() {
            @Override
            public void log(String line) {
                lines.add(line);
            }
        };
    }

    private abstract static class Telling implements Progress {
        @Override
        public void at(long done, long total) {}

        @Override
        public void log(String line) {}

        @Override
        public void metric(String name, long step, double value) {}

        @Override
        public void check() {}
    }

    private interface Change {
        <T extends TFloating> Operand<T> of(Pass<T> pass, Vars<T> vars, Joint at, Operand<T> out);
    }

    private static Method at(String name, Change change) {
        return new Method() {
            @Override
            public MethodSpec spec() {
                return MethodSpec.named(name, name)
                        .learningRate(Rates.all(1e-2))
                        .startsAtBase()
                        .settings();
            }

            @Override
            public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
                return new Graft<>() {
                    @Override
                    public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
                        return at.site() == Site.ATTENTION && at.layer() == 0 ? change.of(pass, vars, at, out) : out;
                    }
                };
            }
        };
    }

    /** Takes more memory than any machine has where a batch has more token slots. */
    private static Method greedy(int slots) {
        return at("greedy", new Change() {
            @Override
            public <T extends TFloating> Operand<T> of(Pass<T> pass, Vars<T> vars, Joint at, Operand<T> out) {
                Ops tf = pass.tf();
                Operand<TInt64> over = tf.math.maximum(
                        tf.math.sub(rows(tf, out), tf.constant(new long[] {slots})), tf.constant(new long[] {0}));
                Operand<T> much = tf.fill(tf.math.mul(over, tf.constant(new long[] {1L << 46})), pass.number(1));
                Operand<T> nothing = tf.math.mul(tf.sum(much, tf.constant(0)), pass.number(0));
                return tf.math.add(shifted(pass, vars, at, out), nothing);
            }
        });
    }

    /** Gives what is no number where a batch has just as many token slots. */
    private static Method bursting(int slots) {
        return at("bursting", new Change() {
            @Override
            public <T extends TFloating> Operand<T> of(Pass<T> pass, Vars<T> vars, Joint at, Operand<T> out) {
                Ops tf = pass.tf();
                Operand<TInt64> away = tf.math.abs(tf.math.sub(rows(tf, out), tf.constant(new long[] {slots})));
                Operand<T> left = tf.math.sub(tf.dtypes.cast(away, pass.type()), pass.number(0.5));
                Operand<T> root = tf.math.sqrt(left);
                return tf.math.add(shifted(pass, vars, at, out), tf.math.sub(root, root));
            }
        });
    }

    private static <T extends TFloating> Operand<T> shifted(Pass<T> pass, Vars<T> vars, Joint at, Operand<T> out) {
        return pass.tf().math.add(out, vars.fresh("shift", Share.METHOD, 1, Init.zeros(), at.out()));
    }

    private static <T extends TFloating> Operand<TInt64> rows(Ops tf, Operand<T> out) {
        return tf.dtypes.cast(
                tf.slice(tf.shape(out), tf.constant(new int[] {0}), tf.constant(new int[] {1})), TInt64.class);
    }
}
