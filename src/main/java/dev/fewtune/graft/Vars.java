package dev.fewtune.graft;

import dev.fewtune.spec.KeyedRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * The only maker of variables, so that what trains is known by construction. A name that is asked for twice, by the
 * training pass and by the evaluation pass, is one variable. Values are read only in {@link #assign}: a graph without
 * weights is enough to count parameters.
 */
public final class Vars<T extends TFloating> {
    private final Ops tf;
    private final Class<T> type;
    private final boolean narrow;
    private final Map<String, Variable<T>> known = new LinkedHashMap<>();
    private final Map<String, Operand<T>> collapsed = new LinkedHashMap<>();
    private final Map<String, Double> bits = new LinkedHashMap<>();
    private final Map<String, Operand<T>> shown = new LinkedHashMap<>();
    private final Set<String> given = new HashSet<>();

    public Vars(Ops tf, Class<T> type) {
        this(tf, type, false);
    }

    /** @param narrow whether pretrained matrices and tables that do not train are kept in bfloat16 */
    public Vars(Ops tf, Class<T> type, boolean narrow) {
        this.tf = tf;
        this.type = type;
        this.narrow = narrow;
    }

    /** A new variable of the method at a joint, such as {@code encoder.3.query.lora_a}. */
    public Operand<T> fresh(Joint at, String suffix, Init init, long... shape) {
        return fresh(at + "." + suffix, Share.METHOD, 1, init, shape);
    }

    /** @param rate multiplies the learning rate */
    public Operand<T> fresh(String name, Share share, double rate, Init init, long... shape) {
        return make(name, share, rate, init, shape);
    }

    /** A tensor of an earlier step, which does not train and stays with what does. */
    public Operand<T> given(String name, Made made) {
        given.add(name);
        return make(name, Share.FROZEN, 1, made.init(), made.shape());
    }

    /** The same for one that is needed while it trains only. */
    public Operand<T> lent(String name, Made made) {
        return make(name, Share.FROZEN, 1, made.init(), made.shape());
    }

    /** Those that stay. */
    public List<Variable<T>> given() {
        return known.values().stream()
                .filter(variable -> given.contains(variable.name()))
                .toList();
    }

    /**
     * Says what people may want to look at, [batch, numbers]. Of the two passes, that without dropout is written first and
     * counts.
     */
    public void shows(String name, Operand<T> value) {
        shown.putIfAbsent(name, value);
    }

    /** What was said so, by name. */
    public Map<String, Operand<T>> shown() {
        return Collections.unmodifiableMap(shown);
    }

    /**
     * Says what a plainer method must hold under a name to compute the same as this one, once training is over. Of the two
     * passes, that without dropout is written first and counts.
     */
    public Operand<T> collapses(Joint at, String suffix, Operand<T> value) {
        collapsed.putIfAbsent(at + "." + suffix, value);
        return value;
    }

    /** What was said so, by the names of the plainer method's variables; empty where there is no such method. */
    public Map<String, Operand<T>> collapsed() {
        return Collections.unmodifiableMap(collapsed);
    }

    /**
     * Says that, once training is over, nothing of a variable counts but which of its numbers are above a threshold: it is
     * delivered as bits.
     */
    public void onlyBits(Joint at, String suffix, double threshold) {
        bits.put(at + "." + suffix, threshold);
    }

    /** The thresholds that were said so, by the names of variables. */
    public Map<String, Double> bits() {
        return Collections.unmodifiableMap(bits);
    }

    /** A pretrained tensor, frozen or not. */
    public Operand<T> pretrained(Joint at, Kind kind, Share share, long... shape) {
        return make(at.tensor(kind), share, 1, null, shape);
    }

    /** Every variable, in the order in which the graph was written. */
    public List<Variable<T>> all() {
        return List.copyOf(known.values());
    }

    /** What learns, in the order in which the graph was written. */
    public List<Variable<T>> trained() {
        return known.values().stream().filter(v -> v.share().trains()).toList();
    }

    /** What a training delivers: what learns, and what the method sets. */
    public List<Variable<T>> delivered() {
        return known.values().stream()
                .filter(v -> v.share().trains() || v.share() == Share.HELD)
                .toList();
    }

    /** What gradients do not move. */
    public List<Variable<T>> frozen() {
        return known.values().stream().filter(v -> !v.share().trains()).toList();
    }

    /** Number of trained parameters under one count. */
    public long count(Share share) {
        return known.values().stream()
                .filter(v -> v.share() == share)
                .mapToLong(Variable::size)
                .sum();
    }

    /** Gives every variable its first value, which depends on nothing but the seed, its name and the weights. */
    public void assign(Session session, Weights weights, long seed) {
        assign(known.values(), session, weights, seed);
    }

    /** The same for what learns alone. */
    public void rewind(Session session, Weights weights, long seed) {
        assign(trained(), session, weights, seed);
    }

    private void assign(Collection<Variable<T>> variables, Session session, Weights weights, long seed) {
        try (Tensors open = new Tensors()) {
            Session.Runner runner = session.runner();
            for (Variable<T> variable : variables) {
                Tensor value = open.add(first(variable, weights, seed));
                Tensors.requireShape(variable.name(), variable.shape(), value);
                runner.feed(variable.fed(), value).addTarget(variable.assign());
            }
            runner.run().close();
        }
    }

    private Operand<T> make(String name, Share share, double rate, Init init, long[] shape) {
        Variable<T> before = known.get(name);
        if (before == null) {
            before = declare(name, share, rate, init, shape);
            known.put(name, before);
        } else if (!Arrays.equals(before.shape(), shape) || before.share() != share) {
            throw new IllegalStateException("The variable %s was %s %s and is asked for as %s %s."
                    .formatted(name, before.share(), Arrays.toString(before.shape()), share, Arrays.toString(shape)));
        }
        return before.value();
    }

    private Variable<T> declare(String name, Share share, double rate, Init init, long[] shape) {
        boolean half = narrow && init == null && share == Share.FROZEN && shape.length > 1;
        return half
                ? declare(TBfloat16.class, name, share, rate, init, shape)
                : declare(type, name, share, rate, init, shape);
    }

    private <K extends TFloating> Variable<T> declare(
            Class<K> kept, String name, Share share, double rate, Init init, long[] shape) {
        Shape dims = Shape.of(shape);
        Operand<? extends TType> handle = tf.varHandleOp(kept, dims, VarHandleOp.sharedName(name));
        Operand<K> fed = tf.placeholder(kept, Placeholder.shape(dims));
        Op assign = tf.assignVariableOp(handle, fed);
        Operand<T> value = widened(tf.readVariableOp(handle, kept));
        return new Variable<>(name, shape.clone(), share, rate, kept, handle, value, fed, assign, init);
    }

    private Operand<T> widened(Operand<? extends TFloating> read) {
        return read.type() == type ? read.asOutput().expect(type) : tf.dtypes.cast(read, type);
    }

    private Tensor first(Variable<T> variable, Weights weights, long seed) {
        if (variable.init() == null) {
            return weights.tensor(variable.name(), variable.kept(), variable.share() == Share.FROZEN);
        }
        double[] values = variable.init().values(variable.shape(), new KeyedRandom(seed, variable.name()), weights);
        return Tensors.of(type, variable.shape(), values);
    }
}
