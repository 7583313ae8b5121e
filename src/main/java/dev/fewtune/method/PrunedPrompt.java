package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Phase;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Rows P [length, width] times a number for each row and one for each of its pieces, all one at first. The mean over
 * batches of |dL/dnumber| is the importance of a row or piece, which equals |sum p dL/dp| over its entries p. Rows whose
 * number has become zero stand first, where nobody sees them and they take no place, so that the network computes what it
 * computes with the other rows alone.
 */
final class PrunedPrompt<T extends TFloating> implements Graft<T> {
    static final String ROWS = "prompt_rows";
    static final String ROW_MASK = "prompt_row_mask";
    static final String PIECE_MASK = "prompt_piece_mask";

    private final Vars<T> vars;
    private final Settings settings;
    private final int length;
    private final int pieces;
    private Joint place;

    PrunedPrompt(Vars<T> vars, Settings settings) {
        this.vars = vars;
        this.settings = settings;
        this.length = settings.integer("length");
        this.pieces = settings.integer("pieces");
    }

    @Override
    public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
        if (at.site() != Site.TOKENS) {
            return tokens;
        }
        requireEqual(at.out());
        place = at;
        Ops tf = pass.tf();
        Operand<T> rows =
                vars.fresh(at, ROWS, Start.of(XPrompt.NAME, settings, length, tokens.table()), length, at.out());
        Operand<T> rowMask = held(at, ROW_MASK, length);
        Operand<T> masked = tf.math.mul(
                pieced(tf, rows, at.out()), tf.expandDims(held(at, PIECE_MASK, length, pieces), tf.constant(2)));
        Operand<T> left = tf.math.mul(
                tf.reshape(masked, tf.constant(new int[] {length, at.out()})), tf.expandDims(rowMask, tf.constant(1)));
        Operand<T> stays = tf.stopGradient(rowMask);
        Operand<TInt32> order = outFirst(pass, stays);
        Operand<T> sorted = gathered(tf, left, order);
        Operand<T> seen = gathered(tf, stays, order);
        vars.collapses(at, SoftPrompt.PROMPT, tf.booleanMask(sorted, tf.math.greater(seen, pass.number(0))));
        return SoftPrompt.before(pass, sorted, seen, length, tokens);
    }

    @Override
    public List<Phase<T>> phases() {
        if (place == null) {
            return List.of(Phase.plain());
        }
        int batches = settings.integer("batches");
        String rowMask = place + "." + ROW_MASK;
        Importance<T> ofRows =
                new Importance<>(batches, rowMask, rowMask, settings.number("dropped_rows"), "rows of the prompt");
        Importance<T> ofPieces = new Importance<>(
                batches, place + "." + PIECE_MASK, rowMask, settings.number("dropped_pieces"), "pieces of these rows");
        return List.of(Phase.plain(), new Phase<>(List.of(ofRows, ofPieces), true));
    }

    private Operand<T> held(Joint at, String name, long... shape) {
        return vars.fresh(at + "." + name, Share.HELD, 1, Init.constant(1), shape);
    }

    /** [length, pieces, width of a piece] */
    private Operand<T> pieced(Ops tf, Operand<T> rows, int width) {
        return tf.reshape(rows, tf.constant(new int[] {length, pieces, width / pieces}));
    }

    /** The numbers of the rows that are out, then those of the others, each in their order. */
    private Operand<TInt32> outFirst(Pass<T> pass, Operand<T> stays) {
        Ops tf = pass.tf();
        Operand<T> out = tf.math.sub(pass.number(1), stays);
        return tf.nn.topK(out, tf.constant(length), new TopK.Options[0]).indices();
    }

    private Operand<T> gathered(Ops tf, Operand<T> x, Operand<TInt32> order) {
        return tf.gather(x, order, tf.constant(0), new Gather.Options[0]);
    }

    private void requireEqual(int width) {
        if (width % pieces != 0) {
            int fits = pieces;
            while (width % fits != 0) {
                fits--;
            }
            throw CellFailure.yours(
                    "The pieces (%s) of xprompt do not divide %s, the width of a row. Maybe pieces: %s.",
                    pieces, width, fits);
        }
    }
}
