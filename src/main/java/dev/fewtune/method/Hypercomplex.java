package dev.fewtune.method;

import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * gelu(x H1 + d) H2 + u, where each H is the sum over i of A_i ⊗ (s_i t_i): the A_i [n, n] are one variable for the
 * whole network, s_i [in / n, rank] and t_i [rank, out / n] belong to the map.
 *
 * @param method whose name an error says
 */
record Hypercomplex(String method, int middle, int n, int rank) implements Adapter {
    private static final double RULE_DEVIATION = 1e-4;

    static List<Setting> settings() {
        return List.of(
                Setting.integer("bottleneck", 24, 1, 4096, "Width of the adapter's middle; a multiple of n."),
                Setting.integer("n", 4, 1, 64, "Kronecker products in the sum of each matrix."),
                Setting.integer("rank", 1, 1, 64, "Rank of the second factor of each product."));
    }

    static Hypercomplex of(String method, Settings settings) {
        return new Hypercomplex(
                method, settings.integer("bottleneck"), settings.integer("n"), settings.integer("rank"));
    }

    @Override
    public <T extends TFloating> Operand<T> of(Vars<T> vars, Pass<T> pass, Joint at, Operand<T> x) {
        requireFit(at);
        Operand<T> inner = map(vars, pass, at, "adapter_down", x, at.in(), middle);
        return map(vars, pass, at, "adapter_up", pass.geluTanh(inner), middle, at.out());
    }

    private <T extends TFloating> Operand<T> map(
            Vars<T> vars, Pass<T> pass, Joint at, String name, Operand<T> x, int in, int out) {
        Operand<T> rule = vars.fresh(method + ".rule", Share.METHOD, 1, Init.normal(RULE_DEVIATION), n, n, n);
        Operand<T> left = vars.fresh(at, name + "_left", glorot(in / n + rank), n, in / n, rank);
        Operand<T> right = vars.fresh(at, name + "_right", glorot(rank + out / n), n, rank, out / n);
        Operand<T> matrix = matrix(pass, rule, left, right, in, out);
        Operand<T> bias = vars.fresh(at, name + "_bias", Init.zeros(), out);
        return pass.tf().math.add(pass.tf().linalg.matMul(x, matrix), bias);
    }

    /**
     * The sum written out, [in, out].
     *
     * @param rule [n, n, n]
     * @param left [n, in / n, rank]
     * @param right [n, rank, out / n]
     */
    static <T extends TFloating> Operand<T> matrix(
            Pass<T> pass, Operand<T> rule, Operand<T> left, Operand<T> right, int in, int out) {
        Ops tf = pass.tf();
        Operand<T> second = tf.train.batchMatMul(left, right, pass.type());
        Operand<T> sum = tf.linalg.einsum(List.of(rule, second), "ijk,ilm->jlkm");
        return tf.reshape(sum, tf.constant(new int[] {in, out}));
    }

    /** Glorot-uniform with gain sqrt 2. */
    private static Init glorot(int sides) {
        return Init.uniform(Math.sqrt(2) * Math.sqrt(6.0 / sides));
    }

    private void requireFit(Joint at) {
        if (at.in() % n != 0 || middle % n != 0) {
            throw CellFailure.yours(
                    "The n (%s) of %s must divide the bottleneck (%s) and %s, the width of %s. Maybe n: %s.",
                    n, method, middle, at.in(), at, divisor(at.in()));
        }
    }

    private int divisor(int width) {
        int fits = n;
        while (width % fits != 0 || middle % fits != 0) {
            fits--;
        }
        return fits;
    }
}
