package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pretrained;
import dev.fewtune.graft.Rows;
import dev.fewtune.spec.BackboneSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** A pretrained network. */
public interface Backbone {
    BackboneSpec spec();

    /**
     * The weights, converted once into {@code cache} and shared by the process.
     *
     * @throws IOException where the weights cannot be read or the cache not be written
     */
    Pretrained weights(Path cache) throws IOException;

    /** The text of the tokenizer's tokenizer.json. */
    String tokenizerJson() throws IOException;

    /**
     * Builds the network.
     *
     * @param ids token numbers [B, S]
     * @param segments [B, S]
     * @param mask [B, S], 1 for a token and 0 for padding
     * @return last hidden states [B, S', d]; S' is S and the length of a soft prompt
     */
    <T extends TNumber> Rows<T> states(
            Ops tf, Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> segments, Operand<T> mask);
}
