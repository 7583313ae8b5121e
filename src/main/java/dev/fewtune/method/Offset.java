package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * What is added to the token rows of a text by their places, as in DePT: row i of A B, with A [positions, rank] and B [rank,
 * width]. A starts uniform in ±1/sqrt(rank) and B as zero, as in the official code. Rows behind the last position get
 * nothing.
 */
final class Offset {
    /** The longest text of most published trainings. */
    private static final int POSITIONS = 256;

    private static final String LEFT = "offset_left";
    private static final String RIGHT = "offset_right";

    private Offset() {}

    /** The settings of a method, and those of the offset after them. */
    static Setting[] after(Setting... own) {
        List<Setting> more = List.of(
                Setting.integer("rank", 6, 1, 1024, "Inner width of the offset's two matrices."),
                Setting.integer(
                        "max_length",
                        null,
                        1,
                        8192,
                        "Places of a text that have an offset; by default as many as the data may have, or 256."),
                Setting.number(
                        "offset_rate",
                        0.02,
                        1e-6,
                        1000,
                        "Learning rate of the offset, relative to that of the prompt."));
        return java.util.stream.Stream.concat(java.util.Arrays.stream(own), more.stream())
                .toArray(Setting[]::new);
    }

    /** [positions, width]. */
    static <T extends TFloating> Operand<T> of(Pass<T> pass, Vars<T> vars, Settings settings, Joint at) {
        return of("", pass, vars, settings, Given.NOTHING, at);
    }

    /** The same for a method that may start from what an earlier step has learned; see {@link Start#warm}. */
    static <T extends TFloating> Operand<T> of(
            String method, Pass<T> pass, Vars<T> vars, Settings settings, Given given, Joint at) {
        int rank = settings.integer("rank");
        int positions = positions(settings);
        double rate = settings.number("offset_rate");
        Init cold = Init.uniform(1 / Math.sqrt(rank));
        Init left = Start.warm(method, settings, given, LEFT, cold, positions, rank);
        Init right = Start.warm(method, settings, given, RIGHT, Init.zeros(), rank, at.out());
        Operand<T> first = vars.fresh(at + "." + LEFT, Share.METHOD, rate, left, positions, rank);
        Operand<T> second = vars.fresh(at + "." + RIGHT, Share.METHOD, rate, right, rank, at.out());
        return pass.tf().linalg.matMul(first, second);
    }

    /** @param offset [positions, width] */
    static <T extends TFloating> Embedded<T> added(
            Pass<T> pass, Operand<T> offset, Settings settings, Embedded<T> tokens) {
        Ops tf = pass.tf();
        Operand<TInt32> length =
                tf.slice(tf.shape(tokens.mask()), tf.constant(new int[] {1}), tf.constant(new int[] {1}));
        Operand<TInt32> cut = tf.math.minimum(length, tf.constant(new int[] {positions(settings)}));
        Operand<TInt32> none = tf.constant(new int[] {0});
        Operand<T> first = tf.slice(
                offset, tf.constant(new int[] {0, 0}), tf.concat(List.of(cut, tf.constant(new int[] {-1})), none(tf)));
        Operand<TInt32> missing =
                tf.concat(List.of(none, tf.math.sub(length, cut), tf.constant(new int[] {0, 0})), none(tf));
        Operand<T> whole = tf.pad(first, tf.reshape(missing, tf.constant(new int[] {2, 2})), pass.number(0));
        return new Embedded<>(
                tf.math.add(tokens.rows(), tf.expandDims(whole, none(tf))),
                tokens.mask(),
                tokens.before(),
                tokens.table());
    }

    private static int positions(Settings settings) {
        return settings.find("max_length")
                .map(given -> ((Number) given).intValue())
                .orElse(POSITIONS);
    }

    private static Operand<TInt32> none(Ops tf) {
        return tf.constant(0);
    }
}
