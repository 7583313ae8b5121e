package dev.fewtune.train;

import dev.fewtune.graft.Tensors;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.family.TFloating;

/** States of the texts of a split that are kept, on their way into a graph; those of no text where nothing is kept. */
final class States implements AutoCloseable {
    static final States NONE = new States(List.of());

    private final List<Kept> kept;

    /**
     * The states at one place.
     *
     * @param begins byte of each text in the file
     * @param rows of each text
     * @param width bytes of a row
     */
    record Kept(
            Operand<? extends TFloating> place, boolean perToken, Held file, long[] begins, int[] rows, int width) {}

    States(List<Kept> kept) {
        this.kept = List.copyOf(kept);
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    /** Makes a run begin at these states; what lies below is then not computed. */
    void feed(Session.Runner runner, Batch batch, Tensors open) {
        for (Kept states : kept) {
            runner.feed(states.place(), open.add(tensor(states, batch)));
        }
    }

    @Override
    public void close() {
        kept.forEach(states -> states.file().close());
    }

    /** Rows of padding are zero; no row of a text looks at them. */
    private static Tensor tensor(Kept states, Batch batch) {
        int[] texts = batch.rows();
        int slots = states.perToken() ? batch.width() : 1;
        byte[] bytes = new byte[Math.multiplyExact(texts.length * slots, states.width())];
        for (int i = 0; i < texts.length; i++) {
            int length = states.rows()[texts[i]] * states.width();
            states.file().read(states.begins()[texts[i]], bytes, i * slots * states.width(), length);
        }
        Class<? extends TFloating> type = states.place().type();
        int size = type == org.tensorflow.types.TFloat64.class ? Double.BYTES : Float.BYTES;
        return Tensor.of(
                type, Shape.of((long) texts.length * slots, states.width() / size), DataBuffers.of(bytes, true, false));
    }
}
