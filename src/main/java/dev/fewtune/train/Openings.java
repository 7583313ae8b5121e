package dev.fewtune.train;

import dev.fewtune.backbone.Writer;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Tensors;
import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Texts on their way to a writer: what it reads, and the token with which it begins to write. A writer without a token for
 * that goes on from the last token of the text, which then is not read before.
 *
 * @param begins the first token, [batch, 1]
 */
record Openings<T extends TFloating>(Inputs<T> inputs, Writer writer, Operand<TInt32> begins) {
    static <T extends TFloating> Openings<T> in(Ops tf, Inputs<T> inputs, Writer writer) {
        return new Openings<>(inputs, writer, tf.placeholder(TInt32.class, Inputs.open(2)));
    }

    Writer.Memory<T> read(Layers<T> net) {
        return writer.read(net, inputs.ids(), inputs.types(), inputs.mask());
    }

    /** See {@link Objective#reads}. */
    String reads() {
        return writer.marks().start() < 0 ? "all but the last" : "all";
    }

    /** Feeds the texts of a batch and what they begin with. */
    void feed(Session.Runner runner, Batch batch, Tensors open) {
        inputs.feed(runner, batch, seen(batch), open);
        runner.feed(begins, open.add(Inputs.ints(Shape.of(batch.rows().length, 1), begins(batch))));
    }

    /** The first token that each text is written with. */
    int[] begins(Batch batch) {
        int[] begins = new int[batch.rows().length];
        Arrays.fill(begins, writer.marks().start());
        for (int row = 0; row < begins.length && writer.marks().start() < 0; row++) {
            begins[row] = batch.ids()[last(batch, row)];
        }
        return begins;
    }

    private double[] seen(Batch batch) {
        double[] seen = batch.mask().clone();
        for (int row = 0; row < batch.rows().length && writer.marks().start() < 0; row++) {
            seen[last(batch, row)] = 0;
        }
        return seen;
    }

    private static int last(Batch batch, int row) {
        int place = (row + 1) * batch.width() - 1;
        while (batch.mask()[place] == 0) {
            place--;
        }
        return place;
    }
}
