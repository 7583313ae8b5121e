package dev.fewtune.method;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.Settings;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/**
 * norm(gelu(x D + d) U + u) with all parts made by linear maps from a row: that of the task where {@code granularity} is
 * module; else W2 relu(W1 [task, layer, place] + w1) + w2 through a norm, once for each stack, without the place where the
 * maps behind it are split by place. Maps start from N(0, 0.01²) and zero, embeddings from N(0, 1).
 */
record Hypernetwork(String granularity, int middle, int embedding, int hidden, Given given) implements Adapter {
    private static final double DEVIATION = 0.01;

    /** @param given tells the tasks; the first example of a batch has the task of all */
    static Hypernetwork of(Settings settings, Given given) {
        return new Hypernetwork(
                settings.text("granularity"),
                settings.integer("bottleneck"),
                settings.integer("embedding"),
                settings.integer("hidden"),
                given);
    }

    @Override
    public <T extends TFloating> Operand<T> of(Vars<T> vars, Pass<T> pass, Joint at, Operand<T> x) {
        Operand<T> from = source(new Writing<>(vars, pass, at.stack() + ".hyper"), at);
        Writing<T> writing = new Writing<>(vars, pass, generators(at));
        int width = at.out();
        Ops tf = pass.tf();
        Operand<T> down = writing.made(from, "down", middle, width);
        Operand<T> inner = tf.math.add(times(tf, x, down), writing.made(from, "down_add", 1, middle));
        Operand<T> up = writing.made(from, "up", width, middle);
        Operand<T> outer = tf.math.add(times(tf, pass.geluTanh(inner), up), writing.made(from, "up_add", 1, width));
        Operand<T> unit = unit(pass, outer, 1e-5);
        Operand<T> scaled = tf.math.mul(unit, writing.made(from, "norm_scale", 1, width));
        return tf.math.add(scaled, writing.made(from, "norm_add", 1, width));
    }

    /** The name of the maps that make the adapter of a block. */
    private String generators(Joint at) {
        return switch (granularity) {
            case "module" -> at + ".hyper";
            case "split" -> "%s.%s.hyper".formatted(at.stack(), at.site().label());
            default -> at.stack() + ".hyper";
        };
    }

    /** The row from which an adapter is made, [1, embedding]. */
    private <T extends TFloating> Operand<T> source(Writing<T> writing, Joint at) {
        Operand<T> task = task(writing);
        if (granularity.equals("module")) {
            return task;
        }
        Ops tf = writing.pass().tf();
        List<Operand<T>> known = new ArrayList<>(
                List.of(task, writing.embedding("%s.layer_%s".formatted(writing.name(), at.layer()), embedding)));
        if (granularity.equals("shared")) {
            known.add(writing.embedding(
                    "%s.%s.hyper_place".formatted(at.stack(), at.site().label()), embedding));
        }
        Operand<T> all = tf.concat(known, tf.constant(1));
        Operand<T> inner = tf.nn.relu(writing.map(all, "inner", known.size() * embedding, hidden));
        Operand<T> unit = unit(writing.pass(), writing.map(inner, "outer", hidden, embedding), 1e-6);
        Operand<T> scale = writing.own("source_scale", Init.constant(1), embedding);
        return tf.math.add(tf.math.mul(unit, scale), writing.own("source_bias", Init.zeros(), embedding));
    }

    private <T extends TFloating> Operand<T> task(Writing<T> writing) {
        Ops tf = writing.pass().tf();
        int tasks = given.tasks().size();
        Operand<T> table = writing.vars().fresh("hyperformer.task", Share.METHOD, 1, Init.normal(1), tasks, embedding);
        return given.several()
                ? tf.gather(
                        table,
                        tf.slice(given.task(), tf.constant(new int[] {0}), tf.constant(new int[] {1})),
                        tf.constant(0),
                        new Gather.Options[0])
                : table;
    }

    /** Matrices are [out, in] as in PyTorch, whose order of numbers the generators have. */
    private static <T extends TFloating> Operand<T> times(Ops tf, Operand<T> x, Operand<T> matrix) {
        return tf.linalg.matMul(x, matrix, MatMul.transposeB(true));
    }

    private static <T extends TFloating> Operand<T> unit(Pass<T> pass, Operand<T> x, double epsilon) {
        Ops tf = pass.tf();
        Operand<T> centred = tf.math.sub(x, tf.math.mean(x, tf.constant(-1), Mean.keepDims(true)));
        Operand<T> variance = tf.math.mean(tf.math.square(centred), tf.constant(-1), Mean.keepDims(true));
        return tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, pass.number(epsilon))));
    }

    /** Variables under one name. */
    private record Writing<T extends TFloating>(Vars<T> vars, Pass<T> pass, String name) {
        Operand<T> own(String suffix, Init start, long... shape) {
            return vars.fresh(name + "." + suffix, Share.METHOD, 1, start, shape);
        }

        Operand<T> embedding(String whole, int width) {
            return vars.fresh(whole, Share.METHOD, 1, Init.normal(1), 1, width);
        }

        Operand<T> map(Operand<T> x, String suffix, int in, int out) {
            Operand<T> product = pass.tf().linalg.matMul(x, own(suffix, Init.normal(DEVIATION), in, out));
            return pass.tf().math.add(product, own(suffix + "_bias", Init.zeros(), out));
        }

        /** What is made of a row: [rows, columns], or [1, columns] to be added. */
        Operand<T> made(Operand<T> from, String suffix, int rows, int columns) {
            int width = Math.toIntExact(from.shape().get(1));
            Operand<T> flat = map(from, "make_" + suffix, width, rows * columns);
            return pass.tf().reshape(flat, pass.tf().constant(new int[] {rows, columns}));
        }
    }
}
