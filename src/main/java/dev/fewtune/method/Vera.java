package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * VeRA: y = x W + ((x A) * d) B * b with A [in, rank] and B [rank, out], random, frozen and shared by all maps of the
 * same shape; d [rank] starts at 0.1 and b [out] at zero. A and B are Kaiming-uniform, drawn from {@code key} as PEFT
 * draws them, so that they need not be saved. PEFT cuts the pair of narrower maps out of that of the widest; here, maps of
 * another width of input have a pair of their own, which is our choice.
 */
final class Vera implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("vera", "VeRA")
                .of(Family.REPARAMETERISATION)
                .idea("LoRA whose matrices are random and shared, with two trained vectors at each map.")
                .trains("Two vectors at each map.")
                .cites(
                        "Kopiczko, Blankevoort, Asano: VeRA: Vector-based Random Matrix Adaptation. ICLR 2024",
                        "https://arxiv.org/abs/2310.11454")
                .learningRate(new Rates(3e-2, 1e-2, 1e-2))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; products with the random matrices; these once.")
                .settings(
                        Setting.integer("rank", 256, 1, 8192, "Width of the random matrices."),
                        Setting.number("d_initial", 0.1, 1e-9, 10, "Start of the inner vectors."),
                        Setting.integer("key", 0, 0, Integer.MAX_VALUE, "From which the random matrices are drawn."),
                        Setting.number("dropout", 0.0, 0, 0.99, "Dropout on what enters the update."),
                        Targets.setting());
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of("VERA", PeftForm.Layout.SHARED, Vera::fields, Vera::settings)
                .with("vera_d", "vera_lambda_d", PeftForm.Turn.SAME)
                .with("vera_b", "vera_lambda_b", PeftForm.Turn.SAME));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int rank = settings.integer("rank");
        int key = settings.integer("key");
        double inner = settings.number("d_initial");
        double dropout = settings.number("dropout");
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                Operand<T> y = Graft.super.project(pass, at, x, w);
                if (!targets.hold(at)) {
                    return y;
                }
                Ops tf = pass.tf();
                Operand<T> a = shared("vera.a." + at.in(), first(key, at.in(), rank), at.in(), rank);
                Operand<T> b = shared(
                        "vera.b.%sx%s".formatted(at.in(), at.out()),
                        second(key, at.in(), at.out(), rank),
                        rank,
                        at.out());
                Operand<T> d = vars.fresh(at, "vera_d", Init.constant(inner), rank);
                Operand<T> low = tf.math.mul(pass.matMul(pass.dropout(x, dropout), a), d);
                Operand<T> outer = vars.fresh(at, "vera_b", Init.zeros(), at.out());
                return tf.math.add(y, tf.math.mul(pass.matMul(low, b), outer));
            }

            private Operand<T> shared(String name, Init init, long... shape) {
                return vars.fresh(name, Share.FROZEN, 1, init, shape);
            }
        };
    }

    private static Init first(int key, int in, int rank) {
        return (shape, random, weights) -> transposed(new TorchRandom(key).uniform(rank * in, Math.sqrt(6.0 / in)), in);
    }

    private static Init second(int key, int in, int out, int rank) {
        return (shape, random, weights) -> {
            TorchRandom torch = new TorchRandom(key);
            torch.uniform(rank * in, 1);
            return transposed(torch.uniform(out * rank, Math.sqrt(6.0 / rank)), rank);
        };
    }

    /** PyTorch's matrices are [out, in]. */
    private static double[] transposed(double[] rows, int columns) {
        int count = rows.length / columns;
        double[] turned = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            turned[i % columns * count + i / columns] = rows[i];
        }
        return turned;
    }

    private static Map<String, Object> fields(Settings settings) {
        return Map.of(
                "r", settings.integer("rank"),
                "d_initial", settings.number("d_initial"),
                "projection_prng_key", settings.integer("key"),
                "save_projection", true,
                "vera_dropout", settings.number("dropout"),
                "bias", "none");
    }

    private static Map<String, Object> settings(PeftConfig config) {
        config.refuse("bias");
        return Map.of(
                "rank", config.integer("r", 256),
                "d_initial", config.number("d_initial", 0.1),
                "key", config.integer("projection_prng_key", 0),
                "dropout", config.number("vera_dropout", 0));
    }
}
