package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** The head of a network that knows words. */
public interface Vocabulary {
    /**
     * Scores of the whole vocabulary, before the softmax.
     *
     * @param rows [rows, width] of the last states: of a masked text, of a text to be continued, or of what T5 has written
     * @return [rows, vocabulary]
     */
    <T extends TFloating> Operand<T> vocabulary(Layers<T> net, Operand<T> rows);
}
