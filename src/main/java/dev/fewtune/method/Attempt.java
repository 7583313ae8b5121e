package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * ATTEMPT: before each text stands T + Σ a_j S_j, with the frozen source prompts S_1 … S_n, the trained prompt T once more
 * as the last of them, and weights a of {@link PromptAttention} that depend on the text. Length width for T and 2
 * bottleneck width for the attention, and with its norm 2 width more, are trained; the paper's count has the norm, the
 * official code leaves it at one and zero, which is {@code train_norm: false}. T starts as the first source. The code's
 * largest entries are of padding rows too, which is {@code mask: false}; its temperature of 2087 is e times the width of
 * T5-base, and its second learning rate does not act. Several tasks that are learned together have each a T of their own
 * and one attention.
 */
final class Attempt implements Method {
    private static final String NAME = "attempt";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "ATTEMPT")
                .of(Family.SOFT_PROMPT)
                .idea("Each text gets its own mixture of prompts of other tasks and a trained one.")
                .trains("A prompt of its own, and the two thin matrices and the norm of the attention that mixes.")
                .cites(
                        "Asai, Salehi, Peters, Hajishirzi: ATTEMPT: Parameter-Efficient Multi-task Tuning via"
                                + " Attentional Mixtures of Soft Prompts. EMNLP 2022",
                        "https://arxiv.org/abs/2205.11961")
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.STAYS)
                .memory("Few moments, the source prompts; longer inputs in every layer.")
                .needs("pretrain")
                .settings(
                        Setting.choice(
                                PromptAttention.FORM,
                                PromptAttention.SUB,
                                PromptAttention.FORMS,
                                "What a text is compared by: a small network of its largest entries, one matrix, the"
                                        + " entries themselves, or nothing, so that all weights are equal."),
                        Setting.integer(PromptAttention.BOTTLENECK, 100, 1, 4096, "Inner width of the small network."),
                        Setting.number(
                                PromptAttention.TEMPERATURE,
                                null,
                                1e-6,
                                1e9,
                                "Divides the scores; e times the width of the model by default, as in the paper."),
                        Setting.flag(PromptAttention.TRAIN_NORM, true, "Whether the norm behind the network trains."),
                        Setting.flag(
                                PromptAttention.MASK,
                                true,
                                "Whether padding is left aside; the official code does not."),
                        Setting.number(
                                PromptAttention.RATE,
                                1.0,
                                1e-6,
                                1000,
                                "Learning rate of the attention, relative to that of the prompt."),
                        Setting.flag("ignore_target", false, "Whether the trained prompt is left out of the mixture."));
    }

    @Override
    public boolean takesSources(Map<String, Object> settings) {
        return true;
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return graft(vars, settings, Given.NOTHING);
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings, Given given) {
        given.prompts(NAME);
        return new Graft<>() {
            @Override
            public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
                return at.site() == Site.TOKENS ? mixed(vars, settings, given, pass, at, tokens) : tokens;
            }
        };
    }

    private static <T extends TFloating> Embedded<T> mixed(
            Vars<T> vars, Settings settings, Given given, Pass<T> pass, Joint at, Embedded<T> tokens) {
        Ops tf = pass.tf();
        List<Source> prompts = given.prompts(NAME, at.out());
        int count = prompts.size();
        int length = (int) prompts.get(0).rows().shape()[0];
        Operand<T> sources = vars.given(at + ".sources", stacked(prompts));
        Operand<T> own = own(vars, given, pass, at, prompts.get(0).rows());
        PromptAttention<T> attention = new PromptAttention<>(vars, settings, given, pass, at);
        boolean alone = settings.flag("ignore_target");
        Operand<T> weights = attention.weights(tokens, sources, own, !alone);
        vars.shows("attention", weights);
        Operand<T> ofSources = tf.slice(weights, tf.constant(new int[] {0, 0}), tf.constant(new int[] {-1, count}));
        Operand<T> flat = tf.reshape(sources, tf.constant(new int[] {count, length * at.out()}));
        Operand<T> mixture =
                tf.reshape(tf.linalg.matMul(ofSources, flat), tf.constant(new int[] {-1, length, at.out()}));
        Operand<T> rows = tf.math.add(mixture, own);
        if (!alone) {
            Operand<T> ofOwn = tf.slice(weights, tf.constant(new int[] {0, count}), tf.constant(new int[] {-1, 1}));
            rows = tf.math.add(rows, tf.math.mul(tf.expandDims(ofOwn, tf.constant(2)), own));
        }
        return SoftPrompt.beforeEach(pass, rows, length, tokens);
    }

    /** [1, length, width], or of several tasks [batch, length, width]. */
    private static <T extends TFloating> Operand<T> own(Vars<T> vars, Given given, Pass<T> pass, Joint at, Made first) {
        long length = first.shape()[0];
        if (!given.several()) {
            Operand<T> own = vars.fresh(at, SoftPrompt.PROMPT, first.init(), length, at.out());
            return pass.tf().expandDims(own, pass.tf().constant(0));
        }
        int tasks = given.tasks().size();
        Init all = (shape, random, weights) -> repeated(first.values(), tasks);
        Operand<T> own = vars.fresh(at, "prompts", all, tasks, length, at.out());
        return pass.tf().gather(own, given.task(), pass.tf().constant(0), new org.tensorflow.op.core.Gather.Options[0]);
    }

    private static double[] repeated(double[] values, int times) {
        double[] all = new double[values.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(values, 0, all, i * values.length, values.length);
        }
        return all;
    }

    private static Made stacked(List<Source> prompts) {
        long[] shape = prompts.get(0).rows().shape();
        int size = prompts.get(0).rows().values().length;
        double[] all = new double[prompts.size() * size];
        for (int i = 0; i < prompts.size(); i++) {
            System.arraycopy(prompts.get(i).rows().values(), 0, all, i * size, size);
        }
        return new Made(new long[] {prompts.size(), shape[0], shape[1]}, all);
    }
}
