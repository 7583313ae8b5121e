package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Rows before those of the text, in the stack that reads it. They pass through the embedding block as tokens do:
 * positions 0..length-1, the text moved on by {@code length}, token type 0, norm. The head reads the text only, which is
 * our choice.
 */
final class SoftPrompt<T extends TFloating> implements Graft<T> {
    /** The last word of the name that plain rows have. */
    static final String PROMPT = "prompt";

    private final Vars<T> vars;
    private final int length;
    private final Rows<T> rows;

    /** Makes the rows of a prompt that is the same for all examples. */
    interface Rows<T extends TFloating> {
        /**
         * @param at where the rows go
         * @param table that holds the tokens' rows
         * @return [length, width]
         */
        Operand<T> of(Pass<T> pass, Joint at, Joint table);
    }

    SoftPrompt(Vars<T> vars, int length, Rows<T> rows) {
        this.vars = vars;
        this.length = length;
        this.rows = rows;
    }

    @Override
    public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
        if (at.site() != Site.TOKENS) {
            return tokens;
        }
        Operand<T> made = vars.collapses(at, PROMPT, rows.of(pass, at, tokens.table()));
        return before(pass, made, length, tokens);
    }

    /** @param rows [length, width], the same for each example */
    static <T extends TFloating> Embedded<T> before(Pass<T> pass, Operand<T> rows, int length, Embedded<T> tokens) {
        Ops tf = pass.tf();
        Operand<TInt32> copies = tf.concat(List.of(batch(tf, tokens), tf.constant(new int[] {1, 1})), tf.constant(0));
        return beforeEach(pass, tf.tile(tf.expandDims(rows, tf.constant(0)), copies), length, tokens);
    }

    /** @param rows [batch, length, width], each example's own */
    static <T extends TFloating> Embedded<T> beforeEach(Pass<T> pass, Operand<T> rows, int length, Embedded<T> tokens) {
        Ops tf = pass.tf();
        Operand<TInt32> shape = tf.concat(List.of(batch(tf, tokens), tf.constant(new int[] {length})), tf.constant(0));
        return new Embedded<>(
                tf.concat(List.of(rows, tokens.rows()), tf.constant(1)),
                tf.concat(List.of(tf.fill(shape, pass.number(1)), tokens.mask()), tf.constant(1)),
                tokens.before() + length,
                tokens.table());
    }

    /**
     * @param rows [length, width], the same for each example
     * @param seen [length], 1 for a row that may be seen
     */
    static <T extends TFloating> Embedded<T> before(
            Pass<T> pass, Operand<T> rows, Operand<T> seen, int length, Embedded<T> tokens) {
        Ops tf = pass.tf();
        Embedded<T> all = before(pass, rows, length, tokens);
        Operand<TInt32> copies = tf.concat(List.of(batch(tf, tokens), tf.constant(new int[] {1})), tf.constant(0));
        Operand<T> own = tf.tile(tf.expandDims(seen, tf.constant(0)), copies);
        return new Embedded<>(
                all.rows(), tf.concat(List.of(own, tokens.mask()), tf.constant(1)), all.before(), all.table());
    }

    private static <T extends TFloating> Operand<TInt32> batch(Ops tf, Embedded<T> tokens) {
        return tf.slice(tf.shape(tokens.mask()), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    }
}
