package dev.fewtune.backbone;

import dev.fewtune.graft.KeyValue;
import dev.fewtune.graft.Layers;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A network that reads a text and then writes another one, token by token. Padding stands behind both. */
public interface Writer extends Vocabulary {
    Marks marks();

    Shape shape();

    /** Reads texts, once; arguments as those of {@link Backbone#hidden}. */
    <T extends TFloating> Memory<T> read(Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask);

    /**
     * States of texts that are known as a whole.
     *
     * @param ids what has been written so far, [batch, length], its begin first
     * @return [batch, length, width]; each row is ready to predict the token after its own
     */
    <T extends TFloating> Operand<T> written(Layers<T> net, Memory<T> memory, Operand<TInt32> ids);

    /**
     * States after one more token of each text.
     *
     * @param past of the tokens before; there must be a free slot
     * @param ids the token, [batch, 1]
     */
    <T extends TFloating> Next<T> next(Layers<T> net, Memory<T> memory, Past<T> past, Operand<TInt32> ids);

    /**
     * Tokens with a meaning.
     *
     * @param start with which a text begins; -1 where it begins with the last token of what has been read, which then is
     *     not read before
     * @param ends which end a text
     */
    record Marks(int start, List<Integer> ends) {
        public Marks {
            ends = List.copyOf(ends);
        }
    }

    /**
     * Of what a decoder keeps.
     *
     * @param heads of keys and values
     * @param width of one head
     */
    record Shape(int layers, int heads, int width) {}

    /**
     * What the decoder sees of texts that have been read.
     *
     * @param keys one per layer, [batch, heads, length, width of a head]
     * @param values like {@code keys}
     * @param mask [batch, length], 1 for what may be seen
     * @param before rows that a method has put before the text
     */
    record Memory<T extends TFloating>(List<Operand<T>> keys, List<Operand<T>> values, Operand<T> mask, int before) {
        KeyValue<T> of(int layer) {
            return new KeyValue<>(keys.get(layer), values.get(layer), mask);
        }
    }

    /**
     * What the decoder sees of what it has written.
     *
     * @param keys one per layer, [batch, heads, slots, width of a head], of which the first {@code count} slots are filled
     * @param values like {@code keys}
     */
    record Past<T extends TFloating>(List<Operand<T>> keys, List<Operand<T>> values, Operand<TInt32> count) {}

    /**
     * @param states [batch, width]
     * @param past the token included; its count is still that of before
     */
    record Next<T extends TFloating>(Operand<T> states, Past<T> past) {}
}
