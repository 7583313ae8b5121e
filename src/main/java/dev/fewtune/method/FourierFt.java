package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * FourierFT: y = x W + x D, where D is {@code scaling} times the real part of the inverse discrete Fourier transform of a
 * spectrum that is zero but for {@code frequencies} trained coefficients. Their places are drawn from {@code key} as PEFT
 * draws them, the same for all maps of one shape, and need not be saved. With coefficients c at (e, f), D[v, u] =
 * scaling / (in out) sum c cos(2 pi (e u / out + f v / in)), which is a product of three matrices. The coefficients start
 * as N(0, 1), as in the paper's code, so that the start is not quite the base; {@code zero_start} begins there.
 */
final class FourierFt implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("fourierft", "FourierFT")
                .of(Family.REPARAMETERISATION)
                .idea("Few coefficients of a Fourier spectrum make up the update of each linear map.")
                .trains("Coefficients of a spectrum at each map.")
                .cites(
                        "Gao, Wang, Chen, Liu, Wu, Chen, Li: Parameter-Efficient Fine-Tuning with Discrete Fourier "
                                + "Transform. ICML 2024",
                        "https://arxiv.org/abs/2405.03003")
                .learningRate(new Rates(1e-1, 3e-2, 5e-2))
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps, and a matrix of the size of each.")
                .settings(
                        Setting.integer("frequencies", 1000, 1, 1_000_000, "Trained coefficients of each map."),
                        Setting.number("scaling", 150.0, 0.001, 1_000_000, "Multiplies the update."),
                        Setting.integer("key", 777, 0, Integer.MAX_VALUE, "From which the places are drawn."),
                        Setting.flag("zero_start", false, "Whether the coefficients start at zero."),
                        Targets.setting());
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of("FOURIERFT", FourierFt::fields, FourierFt::settings)
                .with("fourierft_spectrum", "fourierft_spectrum", PeftForm.Turn.SAME));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int count = settings.integer("frequencies");
        int key = settings.integer("key");
        double scaling = settings.number("scaling");
        Init start = settings.flag("zero_start") ? Init.zeros() : Init.normal(1);
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                if (!targets.hold(at)) {
                    return Graft.super.project(pass, at, x, w);
                }
                requireFit(count, at);
                Ops tf = pass.tf();
                Operand<T> spectrum = vars.fresh(at, "fourierft_spectrum", start, count);
                Operand<T> twice = tf.concat(List.of(spectrum, spectrum), tf.constant(0));
                Operand<T> update = tf.linalg.matMul(tf.math.mul(waves(at, true), twice), waves(at, false));
                double scale = scaling / at.in() / at.out();
                return pass.matMul(x, tf.math.add(w, tf.math.mul(update, pass.number(scale))));
            }

            /** Cosines and sines of one side of all maps of a shape; those of the input are [in, 2 frequencies]. */
            private Operand<T> waves(Joint at, boolean input) {
                String name = "fourierft.%s.%sx%s".formatted(input ? "in" : "out", at.in(), at.out());
                Init sides = (shape, random, weights) -> values(places(key, at, count), at, input);
                int width = input ? at.in() : at.out();
                long[] shape = input ? new long[] {width, 2L * count} : new long[] {2L * count, width};
                return vars.fresh(name, Share.FROZEN, 1, sides, shape);
            }
        };
    }

    /** Places in a matrix [out, in], row by row. */
    private static int[] places(int key, Joint at, int count) {
        return Arrays.copyOf(new TorchRandom(key).permutation(at.in() * at.out()), count);
    }

    /** cos(a + b) = cos a cos b - sin a sin b; the input's side carries the sign. */
    private static double[] values(int[] places, Joint at, boolean input) {
        int width = input ? at.in() : at.out();
        int twice = 2 * places.length;
        double[] waves = new double[width * twice];
        for (int wave = 0; wave < places.length; wave++) {
            long frequency = input ? places[wave] % at.in() : places[wave] / at.in();
            for (int place = 0; place < width; place++) {
                double angle = 2 * Math.PI * (frequency * place % width) / width;
                waves[input ? place * twice + wave : wave * width + place] = Math.cos(angle);
                int second = wave + places.length;
                waves[input ? place * twice + second : second * width + place] =
                        input ? -Math.sin(angle) : Math.sin(angle);
            }
        }
        return waves;
    }

    private static void requireFit(int count, Joint at) {
        if (count > at.in() * at.out()) {
            throw CellFailure.yours(
                    "The frequencies (%s) of fourierft are more than the numbers of the matrix %s, which is %s x %s. "
                            + "Maybe frequencies: %s.",
                    count, at, at.in(), at.out(), Math.max(1, at.in() * at.out() / 8));
        }
    }

    private static Map<String, Object> fields(Settings settings) {
        return Map.of(
                "n_frequency", settings.integer("frequencies"),
                "scaling", settings.number("scaling"),
                "random_loc_seed", settings.integer("key"),
                "init_weights", settings.flag("zero_start"),
                "bias", "none");
    }

    private static Map<String, Object> settings(PeftConfig config) {
        config.refuse("bias", "n_frequency_pattern");
        return Map.of(
                "frequencies", config.integer("n_frequency", 1000),
                "scaling", config.number("scaling", 150),
                "key", config.integer("random_loc_seed", 777),
                "zero_start", config.flag("init_weights"));
    }
}
