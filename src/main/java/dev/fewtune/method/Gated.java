package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * What another graft changes, times a gate for each example: the mean over its real rows of sigmoid(x w + c), where x is
 * what enters the place; w from N(0, 0.02²), c zero. Where rows must not see those after them, each row has the gate
 * sigmoid(x w + c) of its own, and rows before keys and values, which all share, have sigmoid(c).
 */
record Gated<T extends TFloating>(Vars<T> vars, Graft<T> inner) implements Graft<T> {
    private static final Init START = Init.normal(0.02);

    @Override
    public Optional<Operand<T>> change(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
        return inner.change(pass, at, x, w).map(change -> pass.tf().math.mul(change, ofRows(pass, at, x, at.in())));
    }

    @Override
    public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
        Operand<T> changed = inner.block(pass, at, in, out);
        if (changed == out) {
            return out;
        }
        Ops tf = pass.tf();
        return tf.math.add(out, tf.math.mul(tf.math.sub(changed, out), ofRows(pass, at, out, at.out())));
    }

    @Override
    public KeyValue<T> keyValue(Pass<T> pass, Joint at, Operand<T> in, KeyValue<T> kv) {
        KeyValue<T> changed = inner.keyValue(pass, at, in, kv);
        if (changed == kv) {
            return kv;
        }
        Ops tf = pass.tf();
        Operand<T> gate = tf.reshape(
                pass.isWhole() ? pass.means(each(pass, at, in, at.in())) : tf.math.sigmoid(level(at)),
                tf.constant(new int[] {-1, 1, 1, 1}));
        return new KeyValue<>(
                scaled(tf, changed.key(), kv.key(), gate),
                scaled(tf, changed.value(), kv.value(), gate),
                changed.mask());
    }

    /** [tokens, 1] */
    private Operand<T> ofRows(Pass<T> pass, Joint at, Operand<T> x, int width) {
        Operand<T> each = each(pass, at, x, width);
        return pass.isWhole() ? pass.spread(pass.means(each)) : each;
    }

    private Operand<T> each(Pass<T> pass, Joint at, Operand<T> x, int width) {
        Operand<T> w = vars.fresh(at, "gate_weight", START, width, 1);
        return pass.tf().math.sigmoid(pass.tf().math.add(pass.matMul(x, w), level(at)));
    }

    private Operand<T> level(Joint at) {
        return vars.fresh(at, "gate_bias", Init.zeros(), 1);
    }

    /** Scales what stands before what was given. */
    private static <T extends TFloating> Operand<T> scaled(Ops tf, Operand<T> all, Operand<T> given, Operand<T> gate) {
        Operand<TInt32> more = tf.math.sub(length(tf, all), length(tf, given));
        Operand<TInt32> none = tf.constant(new int[] {0, 0});
        Operand<TInt32> every = tf.constant(new int[] {-1, -1});
        Operand<TInt32> last = tf.constant(new int[] {-1});
        Operand<T> front = tf.slice(
                all, tf.constant(new int[] {0, 0, 0, 0}), tf.concat(List.of(every, more, last), tf.constant(0)));
        Operand<T> rest = tf.slice(
                all,
                tf.concat(List.of(none, more, tf.constant(new int[] {0})), tf.constant(0)),
                tf.constant(new int[] {-1, -1, -1, -1}));
        return tf.concat(List.of(tf.math.mul(front, gate), rest), tf.constant(2));
    }

    /** [1] */
    private static <T extends TFloating> Operand<TInt32> length(Ops tf, Operand<T> rows) {
        return tf.slice(tf.shape(rows), tf.constant(new int[] {2}), tf.constant(new int[] {1}));
    }
}
