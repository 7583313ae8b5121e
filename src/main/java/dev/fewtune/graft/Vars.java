package dev.fewtune.graft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * The only maker of variables, so that what trains is known by construction. Asking twice for a name gives the same
 * variable. Building needs no values: counts come from shapes alone.
 */
public final class Vars<T extends TNumber> {
    private final Ops tf;
    private final Class<T> type;
    private final Map<String, Variable<T>> byName = new LinkedHashMap<>();

    public Vars(Ops tf, Class<T> type) {
        this.tf = tf;
        this.type = type;
    }

    public Class<T> type() {
        return type;
    }

    /** A new variable that trains and counts as the method's own. */
    public Operand<T> fresh(String name, Init init, long... shape) {
        return fresh(name, Share.METHOD, init, shape);
    }

    public Operand<T> fresh(String name, Share share, Init init, long... shape) {
        return variable(name, share, init, shape).read();
    }

    /** A tensor of the pretrained model, frozen or trained. */
    public Operand<T> pretrained(String name, Share share, long... shape) {
        return variable(name, share, null, shape).read();
    }

    public List<Variable<T>> all() {
        return List.copyOf(byName.values());
    }

    public List<Variable<T>> trained() {
        return byName.values().stream().filter(Variable::trains).toList();
    }

    public long count(Share share) {
        return byName.values().stream()
                .filter(variable -> variable.share() == share)
                .mapToLong(Variable::size)
                .sum();
    }

    private Variable<T> variable(String name, Share share, Init init, long... shape) {
        Variable<T> known = byName.get(name);
        if (known == null) {
            Variable<T> made = make(name, share, init, shape);
            byName.put(name, made);
            return made;
        }
        if (known.share() != share || !java.util.Arrays.equals(known.shape(), shape)) {
            throw new IllegalArgumentException(
                    "The variable %s is asked for twice, with different shapes or shares.".formatted(name));
        }
        return known;
    }

    private Variable<T> make(String name, Share share, Init init, long... shape) {
        Ops scope = tf.withSubScope(name);
        Shape dimensions = Shape.of(shape);
        Operand<TType> handle = scope.varHandleOp(type, dimensions, VarHandleOp.sharedName(name));
        Operand<T> feed = scope.placeholder(type, Placeholder.shape(dimensions));
        Op assign = scope.assignVariableOp(handle, feed);
        return new Variable<>(
                name,
                shape.clone(),
                share,
                shape.length > 1,
                init,
                handle,
                scope.readVariableOp(handle, type),
                feed,
                assign);
    }
}
