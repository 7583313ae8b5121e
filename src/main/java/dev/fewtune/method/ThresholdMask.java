package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Threshold-Mask: y = x (W * 1[S > t]) with a score S for each weight. The gradient goes straight through the threshold,
 * dL/dS = dL/d(masked W) * W (not times the mask, so that a weight that is out may come back). S is uniform in
 * [-0.02, s] with s such that a share of {@code zeros} begins below t = 0.01, as in the official code; a share of 0.05
 * gives s = 0.58. The paper leaves the lowest two of twelve layers alone and masks a random classifier, as {@code
 * mask_head} does; by default the head trains, which is our choice. One bit for each weight is all that a task needs, and
 * all that is delivered.
 */
final class ThresholdMask implements Method {
    private static final String SCORES = "scores";
    private static final double THRESHOLD = 1e-2;
    private static final double LOWEST = 2e-2;

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("threshold-mask", "Threshold-Mask")
                .of(Family.SELECTION)
                .idea("Which of the pretrained weights count is learned, one bit for each.")
                .trains("A score for each weight that may be masked.")
                .cites(
                        "Zhao, Lin, Mi, Jaggi, Schütze: Masking as an Efficient Alternative to Finetuning for Pretrained "
                                + "Language Models. EMNLP 2020",
                        "https://arxiv.org/abs/2004.12406")
                .learningRate(Rates.all(1e-3))
                .folds(Fold.MERGES)
                .memory("Scores as many as weights, their gradients and two moments: more than full fine-tuning.")
                .settings(
                        Setting.number("zeros", 0.05, 0.001, 0.99, "Share of the weights that is left out at first."),
                        Setting.integer("first_layer", 1, 0, 1000, "Lowest layer of each stack that is masked."),
                        Setting.flag("mask_head", false, "Whether a new head is masked, too, and does not train."),
                        Targets.setting("targets", Targets.everything(), "The linear maps that are masked."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int lowest = settings.integer("first_layer");
        boolean maskHead = settings.flag("mask_head");
        Targets targets = Targets.of(settings);
        Init start = start(settings.number("zeros"));
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                if (at.layer() < lowest || !targets.hold(at)) {
                    return Graft.super.project(pass, at, x, w);
                }
                return pass.matMul(x, masked(pass, at, w));
            }

            @Override
            public Operand<T> head(Pass<T> pass, Joint at, Operand<T> w) {
                return maskHead ? masked(pass, at, w) : w;
            }

            @Override
            public boolean trainsHead() {
                return !maskHead;
            }

            private Operand<T> masked(Pass<T> pass, Joint at, Operand<T> w) {
                Ops tf = pass.tf();
                Operand<T> scores = vars.fresh(at, SCORES, start, at.in(), at.out());
                vars.onlyBits(at, SCORES, THRESHOLD);
                Operand<T> in = tf.dtypes.cast(tf.math.greater(scores, pass.number(THRESHOLD)), pass.type());
                Operand<T> through = tf.math.sub(scores, tf.stopGradient(scores));
                return tf.math.mul(w, tf.math.add(tf.stopGradient(in), through));
            }
        };
    }

    /** The threshold has no slope; the gradient that goes through it is not that of the loss. */
    @Override
    public boolean smooth() {
        return false;
    }

    private static Init start(double zeros) {
        double highest = (LOWEST + THRESHOLD) / zeros - LOWEST;
        return (shape, random, weights) -> {
            double[] scores = Init.uniform(0.5).values(shape, random, weights);
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (scores[i] + 0.5) * (highest + LOWEST) - LOWEST;
            }
            return scores;
        };
    }
}
