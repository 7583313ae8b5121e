package dev.fewtune.method;

import dev.fewtune.graft.Ordered;
import dev.fewtune.graft.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * How the outer products O_i = q_i u_i v_i' of singular parts become one matrix. None is known to be that of the LAMP paper;
 * its name, compressed outer product, means the last one in the literature on holographic representations.
 */
enum Composer {
    /** Their sum. */
    SUM,
    /** Their mean. */
    NORMALISED_SUM,
    /** Their sum, each weighted by the softmax of q. */
    GATED_SUM,
    /** Their sum along wrapped diagonals: the i-th product is turned by i columns, as in a circular convolution. */
    CIRCULAR;

    /** The name in settings. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Composer named(String label) {
        return List.of(values()).stream()
                .filter(composer -> composer.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /**
     * @param u [rows, rank]
     * @param q [rank]
     * @param v [rank, width]
     * @return [rows, width]
     */
    <T extends TFloating> Operand<T> compose(
            Pass<T> pass, Operand<T> u, Operand<T> q, Operand<T> v, int rank, int width) {
        Ops tf = pass.tf();
        Operand<T> weights =
                switch (this) {
                    case SUM, CIRCULAR -> q;
                    case NORMALISED_SUM -> tf.math.mul(q, pass.number(1.0 / rank));
                    case GATED_SUM -> tf.math.mul(q, softmax(tf, q));
                };
        return tf.linalg.matMul(tf.math.mul(u, weights), this == CIRCULAR ? turned(tf, v, rank, width) : v);
    }

    private static <T extends TFloating> Operand<T> softmax(Ops tf, Operand<T> q) {
        Operand<T> row = tf.nn.softmax(tf.expandDims(q, tf.constant(0)));
        return tf.reshape(row, tf.constant(new int[] {-1}));
    }

    private static <T extends TFloating> Operand<T> turned(Ops tf, Operand<T> v, int rank, int width) {
        List<Operand<T>> rows = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            int by = i % width;
            Operand<T> first = part(tf, v, i, width - by, by);
            Operand<T> rest = part(tf, v, i, 0, width - by);
            rows.add(by == 0 ? rest : tf.concat(List.of(first, rest), tf.constant(1)));
        }
        return Ordered.concat(tf, rows, 0);
    }

    private static <T extends TFloating> Operand<T> part(Ops tf, Operand<T> v, int row, int from, int size) {
        return tf.slice(v, tf.constant(new int[] {row, from}), tf.constant(new int[] {1, size}));
    }
}
