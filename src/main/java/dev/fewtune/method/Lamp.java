package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.Arrays;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * LAMP. What is known of it: a prompt's truncated singular value decomposition trains, its tokens interact by a compressed
 * outer product, and average pooling leaves fewer of them. There is no code and the equations could not be read, so the
 * rest is our reconstruction: P0 [length, width] of sampled token rows is cut to U [length, rank], q [rank] and V [rank,
 * width], which train without constraint, (length + width + 1) rank parameters; a {@link Composer} puts the outer products
 * of their parts together; and each {@code pool} rows of that are averaged into one of the length / pool prompt rows.
 */
final class Lamp implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("lamp", "LAMP")
                .of(Family.SOFT_PROMPT)
                .idea("The prompt's singular vectors and values learn; neighbouring rows are averaged into one.")
                .trains("Left and right vectors of the prompt, and their weights.")
                .cites(
                        "Lan, Xu, Yang, Liang, Guo, Zhao, Wang: Efficient and Effective Prompt Tuning via Prompt "
                                + "Decomposition and Compressed Outer Product. NAACL 2025",
                        "https://arxiv.org/abs/2502.12200")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.COLLAPSES)
                .memory("Few moments; longer inputs in every layer, by length / pool.")
                .settings(
                        Setting.integer("length", 20, 1, 500, "Number of rows before pooling."),
                        Setting.integer("rank", 8, 1, 500, "Singular values that are kept; at most length and width."),
                        Setting.integer("pool", 2, 1, 500, "Rows that are averaged into one; it must divide length."),
                        Setting.choice(
                                "composer",
                                Composer.SUM.label(),
                                Arrays.stream(Composer.values())
                                        .map(Composer::label)
                                        .toList(),
                                "How the outer products are put together."),
                        Setting.number(
                                "vector_rate",
                                0.1,
                                1e-6,
                                1000,
                                "Learning rate of the singular vectors, relative to that of the values."));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int length = settings.integer("length");
        int pool = settings.integer("pool");
        requireBlocks(length, pool);
        Composer composer = Composer.named(settings.text("composer"));
        double rate = settings.number("vector_rate");
        return new SoftPrompt<>(vars, length / pool, (pass, at, table) -> {
            int rank = settings.integer("rank");
            requireFit(rank, length, at.out());
            Parts start = new Parts(length, rank, at, table);
            Operand<T> u = vars.fresh(at + ".lamp_u", Share.METHOD, rate, start.of(Singular::left), length, rank);
            Operand<T> v = vars.fresh(at + ".lamp_v", Share.METHOD, rate, start.of(Singular::right), rank, at.out());
            Operand<T> q = vars.fresh(at, "lamp_q", start.of(Singular::values), rank);
            // Pooling is linear, so the small matrix is pooled.
            return composer.compose(pass, pooled(pass, u, length / pool, pool, rank), q, v, rank, at.out());
        });
    }

    /** The start of each part, out of one decomposition that all three have in common. */
    private record Parts(int length, int rank, Joint at, Joint table) {
        Init of(Function<Singular, double[]> part) {
            return (shape, random, weights) -> {
                Init rows = Init.rows(table.tensor(Kind.WEIGHT), Start.COMMON);
                double[] sampled = rows.values(new long[] {length, at.out()}, random.of(at + ".lamp"), weights);
                return part.apply(Singular.of(sampled, length, rank));
            };
        }
    }

    private static <T extends TFloating> Operand<T> pooled(Pass<T> pass, Operand<T> u, int rows, int pool, int rank) {
        Ops tf = pass.tf();
        Operand<TInt32> blocks = tf.constant(new int[] {rows, pool, rank});
        return tf.math.mean(tf.reshape(u, blocks), tf.constant(1), new Mean.Options[0]);
    }

    private static void requireBlocks(int length, int pool) {
        if (length % pool != 0) {
            throw CellFailure.yours(
                    "The pool (%s) of lamp must divide the length (%s). Maybe length: %s.",
                    pool, length, (length / pool + 1) * pool);
        }
    }

    private static void requireFit(int rank, int length, int width) {
        if (rank > Math.min(length, width)) {
            throw CellFailure.yours(
                    "The rank (%s) of lamp is larger than the prompt, which is %s x %s. Maybe rank: %s.",
                    rank, length, width, Math.min(8, Math.min(length, width)));
        }
    }
}
