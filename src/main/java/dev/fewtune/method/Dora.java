package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Pass;
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
 * DoRA: with V = W + alpha/rank A B and n the lengths of the columns of V [in, out], y = m/n (x W + alpha/rank drop(x) A
 * B). A and B start as in {@link Lora}, the magnitudes m [out] as the lengths of the columns of W. No gradient goes
 * through n, as in section 4.3 of the paper; {@code detach: false} lets it through. PEFT drops what enters x W, too,
 * where there is dropout; the paper does not.
 */
final class Dora implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("dora", "DoRA")
                .of(Family.REPARAMETERISATION)
                .idea("LoRA turns the columns of a linear map, and a vector sets their lengths.")
                .trains("Two thin matrices and a length for each output, at each map.")
                .cites(
                        "Liu, Wang, Yin, Molchanov, Wang, Cheng, Chen: DoRA: Weight-Decomposed Low-Rank Adaptation. "
                                + "ICML 2024",
                        "https://arxiv.org/abs/2402.09353")
                .learningRate(new Rates(5e-3, 2e-4, 3e-4))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps, and a matrix of the size of each.")
                .settings(LowRank.settings(
                        16,
                        "The update is scaled by alpha / rank.",
                        Setting.flag("detach", true, "Whether the lengths are constants to the gradient.")));
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(LoraForm.of(Map.of(LoraForm.LENGTHS, true), config -> config.flag(LoraForm.LENGTHS))
                .with("dora_magnitude", "lora_magnitude_vector", PeftForm.Turn.SAME));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        LowRank low = LowRank.of("dora", settings);
        double scale = settings.number("alpha") / low.rank();
        boolean detach = settings.flag("detach");
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                if (!targets.hold(at)) {
                    return Graft.super.project(pass, at, x, w);
                }
                Ops tf = pass.tf();
                LowRank.Pair<T> pair = low.pair(vars, at);
                Operand<T> moved = tf.math.add(w, tf.math.mul(pair.product(pass), pass.number(scale)));
                Operand<T> lengths = tf.math.sqrt(tf.sum(tf.math.square(moved), tf.constant(0)));
                Operand<T> magnitude = vars.fresh(at, "dora_magnitude", lengthsOf(at), at.out());
                Operand<T> stretch = tf.math.div(magnitude, detach ? tf.stopGradient(lengths) : lengths);
                return tf.math.mul(low.updated(pass, x, w, pair, scale), stretch);
            }
        };
    }

    private static Init lengthsOf(Joint at) {
        return (shape, random, weights) -> {
            double[] matrix = weights.values(at.tensor(Kind.WEIGHT));
            double[] lengths = new double[at.out()];
            for (int i = 0; i < matrix.length; i++) {
                lengths[i % at.out()] += matrix[i] * matrix[i];
            }
            java.util.Arrays.setAll(lengths, i -> Math.sqrt(lengths[i]));
            return lengths;
        };
    }
}
