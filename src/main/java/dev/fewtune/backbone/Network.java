package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** The order of the calls of one architecture, apart from where its weights come from. */
interface Network extends Vocabulary {
    /** Longest input in tokens, special tokens included. */
    int maxLength();

    /** See {@link Backbone#turns}. */
    default double[] turns() {
        return new double[0];
    }

    /**
     * States of the text, as {@link Backbone#hidden}: of the encoder where there is one, else of the decoder.
     *
     * @param types segments; architectures without segments do not look at them
     */
    <T extends TFloating> Backbone.Hidden<T> hidden(
            Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask);
}
