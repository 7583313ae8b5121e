package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Ordered;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * P-tuning: a network makes the prompt out of trained rows X [length, width], N(0, 1) at the start. Form {@code lstm}: two
 * layers of a bidirectional LSTM (Hochreiter, Schmidhuber 1997) of {@code hidden} units each way, then relu(x D + d) U + u
 * with D [2 hidden, 2 hidden]; the official code has hidden = width / 2. Form {@code mlp}, that of PEFT: three affine maps,
 * width to hidden to hidden to width, with relu between. Maps start uniform in ±1/sqrt(inputs), the LSTM in
 * ±1/sqrt(hidden). The rows stand before the text, as in PEFT; the paper also puts some inside a template.
 */
final class PTuning implements Method {
    private static final String LSTM = "lstm";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("p-tuning", "P-tuning")
                .of(Family.SOFT_PROMPT)
                .idea("A recurrent network makes the prompt rows out of trained ones.")
                .trains("Rows, and the network that makes the prompt out of them.")
                .cites(
                        "Liu, Zheng, Du, Ding, Qian, Yang, Tang: GPT Understands, Too. AI Open 2023",
                        "https://arxiv.org/abs/2103.10385")
                .learningRate(new Rates(1e-3, 1e-3, 1e-2))
                .folds(Fold.COLLAPSES)
                .memory("Moments of the network that makes the rows; longer inputs in every layer.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of prompt rows; they shorten the text."),
                        Setting.choice("network", LSTM, List.of(LSTM, "mlp"), "What makes the rows."),
                        Setting.integer(
                                "hidden",
                                0,
                                0,
                                8192,
                                "Units of the network; 0 for half the width, or the width (mlp)."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        boolean recurrent = settings.text("network").equals(LSTM);
        return new SoftPrompt<>(vars, length, (pass, at, table) -> {
            int width = at.out();
            int given = settings.integer("hidden");
            Operand<T> rows = vars.fresh(at, "prompt_rows", Init.normal(1), length, width);
            return recurrent
                    ? new Encoder<>(pass, vars, at).lstm(rows, length, width, given == 0 ? width / 2 : given)
                    : new Encoder<>(pass, vars, at).mlp(rows, width, given == 0 ? width : given);
        });
    }

    /** The network that makes the rows. */
    private record Encoder<T extends TFloating>(Pass<T> pass, Vars<T> vars, Joint at) {
        Operand<T> mlp(Operand<T> rows, int width, int hidden) {
            Ops tf = pass.tf();
            Operand<T> first = tf.nn.relu(affine("prompt_first", rows, width, hidden));
            Operand<T> second = tf.nn.relu(affine("prompt_second", first, hidden, hidden));
            return affine("prompt_last", second, hidden, width);
        }

        Operand<T> lstm(Operand<T> rows, int length, int width, int hidden) {
            Operand<T> lower = bothWays("prompt_lower", rows, length, width, hidden);
            Operand<T> upper = bothWays("prompt_upper", lower, length, 2 * hidden, hidden);
            Operand<T> middle = pass.tf().nn.relu(affine("prompt_second", upper, 2 * hidden, 2 * hidden));
            return affine("prompt_last", middle, 2 * hidden, width);
        }

        private Operand<T> bothWays(String name, Operand<T> rows, int length, int in, int hidden) {
            List<Integer> places =
                    new ArrayList<>(IntStream.range(0, length).boxed().toList());
            Operand<T> forth = oneWay(name + "_forth", rows, places, in, hidden);
            Collections.reverse(places);
            Operand<T> back = oneWay(name + "_back", rows, places, in, hidden);
            return pass.tf().concat(List.of(forth, back), pass.tf().constant(1));
        }

        /** Gates in the order input, forget, cell, output; two biases, as in PyTorch. */
        private Operand<T> oneWay(String name, Operand<T> rows, List<Integer> places, int in, int hidden) {
            Ops tf = pass.tf();
            Init start = Init.uniform(1 / Math.sqrt(hidden));
            Operand<T> bias = tf.math.add(
                    vars.fresh(at, name + "_input_bias", start, 4L * hidden),
                    vars.fresh(at, name + "_state_bias", start, 4L * hidden));
            Operand<T> inputs =
                    tf.math.add(tf.linalg.matMul(rows, vars.fresh(at, name + "_input", start, in, 4L * hidden)), bias);
            Operand<T> own = vars.fresh(at, name + "_state", start, hidden, 4L * hidden);
            List<Operand<T>> states = new ArrayList<>(Collections.nCopies(places.size(), null));
            Operand<T> state = tf.fill(tf.constant(new int[] {1, hidden}), pass.number(0));
            Operand<T> cell = state;
            for (int place : places) {
                Operand<T> input =
                        tf.slice(inputs, tf.constant(new int[] {place, 0}), tf.constant(new int[] {1, 4 * hidden}));
                List<Operand<T>> gates = parts(tf.math.add(input, tf.linalg.matMul(state, own)), hidden);
                Operand<T> fresh = tf.math.mul(tf.math.sigmoid(gates.get(0)), tf.math.tanh(gates.get(2)));
                cell = tf.math.add(tf.math.mul(tf.math.sigmoid(gates.get(1)), cell), fresh);
                state = tf.math.mul(tf.math.sigmoid(gates.get(3)), tf.math.tanh(cell));
                states.set(place, state);
            }
            return Ordered.concat(tf, states, 0);
        }

        private List<Operand<T>> parts(Operand<T> gates, int hidden) {
            Ops tf = pass.tf();
            return IntStream.range(0, 4)
                    .<Operand<T>>mapToObj(i ->
                            tf.slice(gates, tf.constant(new int[] {0, i * hidden}), tf.constant(new int[] {1, hidden})))
                    .toList();
        }

        private Operand<T> affine(String name, Operand<T> x, int in, int out) {
            Ops tf = pass.tf();
            Init start = Init.uniform(1 / Math.sqrt(in));
            Operand<T> y = tf.linalg.matMul(x, vars.fresh(at, name, start, in, out));
            return tf.math.add(y, vars.fresh(at, name + "_bias", start, out));
        }
    }
}
