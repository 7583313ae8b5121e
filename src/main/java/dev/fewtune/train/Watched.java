package dev.fewtune.train;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Ladder;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A graft that is watched in one pass: the linear maps that it meets, and whether it changes anything else. What it does to
 * a linear map is affine in what enters, so that the map together with the graft is a matrix and a bias: the rows of the
 * matrix are what comes of the unit vectors, and the bias is what comes of zero.
 */
final class Watched<T extends TFloating> implements Graft<T> {
    private final Graft<T> inner;
    private final Map<Joint, Met<T>> maps = new LinkedHashMap<>();
    private String elsewhere;
    private Operand<T> head;

    /** @param biased whether the map has a bias of its own */
    private record Met<T extends TFloating>(Pass<T> pass, Operand<T> w, boolean biased) {}

    Watched(Graft<T> inner) {
        this.inner = inner;
    }

    /** Where it changes what is no linear map; empty where it does not. */
    Optional<String> elsewhere() {
        return Optional.ofNullable(elsewhere);
    }

    /** The matrix of the head as it is with the graft; null where there is no head. */
    Operand<T> headMatrix() {
        return head;
    }

    /**
     * The linear maps as they are with the graft, by the names of their tensors; those without a bias of their own have
     * one, too.
     *
     * @param biases the biases that maps have
     */
    Map<String, Operand<T>> merged(Map<String, Operand<T>> biases) {
        Map<String, Operand<T>> merged = new LinkedHashMap<>();
        maps.forEach((at, map) -> {
            Ops tf = map.pass().tf();
            Operand<T> ones =
                    tf.fill(tf.constant(new int[] {at.in()}), map.pass().number(1));
            Operand<T> none =
                    tf.fill(tf.constant(new int[] {1, at.in()}), map.pass().number(0));
            Operand<T> rows = before(at, map, tf.linalg.tensorDiag(ones));
            Operand<T> zero = before(at, map, none);
            merged.put(
                    at.tensor(Kind.WEIGHT),
                    tf.math.sub(inner.mapped(map.pass(), at, rows), inner.mapped(map.pass(), at, zero)));
            String bias = at.tensor(Kind.BIAS);
            Operand<T> sum = map.biased() ? tf.math.add(zero, biases.get(bias)) : zero;
            merged.put(bias, tf.reshape(inner.mapped(map.pass(), at, sum), tf.constant(new int[] {at.out()})));
        });
        return merged;
    }

    @Override
    public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
        maps.putIfAbsent(at, new Met<>(pass, w, true));
        return inner.project(pass, at, x, w);
    }

    @Override
    public Operand<T> shift(Pass<T> pass, Joint at, Operand<T> y) {
        maps.computeIfPresent(at, (joint, map) -> new Met<>(map.pass(), map.w(), false));
        return inner.shift(pass, at, y);
    }

    @Override
    public Operand<T> mapped(Pass<T> pass, Joint at, Operand<T> y) {
        return inner.mapped(pass, at, y);
    }

    @Override
    public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
        return same(at, out, inner.block(pass, at, in, out));
    }

    @Override
    public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
        return same(at, tokens, inner.embed(pass, at, tokens));
    }

    @Override
    public void begin(Pass<T> pass, Ladder<T> ladder) {
        inner.begin(pass, ladder);
    }

    @Override
    public void tap(Pass<T> pass, Joint at, Operand<T> out) {
        inner.tap(pass, at, out);
    }

    @Override
    public Operand<T> finish(Pass<T> pass, Joint at, Operand<T> states) {
        return same(at, states, inner.finish(pass, at, states));
    }

    @Override
    public KeyValue<T> keyValue(Pass<T> pass, Joint at, Operand<T> in, KeyValue<T> kv) {
        return same(at, kv, inner.keyValue(pass, at, in, kv));
    }

    @Override
    public Operand<T> head(Pass<T> pass, Joint at, Operand<T> w) {
        head = inner.head(pass, at, w);
        return head;
    }

    @Override
    public boolean trainsHead() {
        return inner.trainsHead();
    }

    @Override
    public Share trains(Joint at, Kind kind) {
        return inner.trains(at, kind);
    }

    private Operand<T> before(Joint at, Met<T> map, Operand<T> x) {
        Operand<T> y = inner.project(map.pass(), at, x, map.w());
        return map.biased() ? y : inner.shift(map.pass(), at, y);
    }

    private <V> V same(Joint at, V given, V made) {
        if (made != given && elsewhere == null) {
            elsewhere = at.toString();
        }
        return made;
    }
}
