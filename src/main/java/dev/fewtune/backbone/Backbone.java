package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A pretrained network: where its weights come from, and the order of its calls to {@link Layers}. */
public interface Backbone {
    BackboneSpec spec();

    /** SHA-256, or another stable name, of where the weights come from; names the cached file. */
    String identity();

    /** Writes all weights as one aligned safetensors file. */
    void convert(Path target) throws IOException;

    /**
     * The text of its tokenizer.json.
     *
     * @throws IOException where there is none
     */
    default String tokenizerJson() throws IOException {
        throw new FileNotFoundException("%s has no tokenizer.json.".formatted(spec().name()));
    }

    /**
     * The lines of its vocab.txt, where that is the tokenizer; empty where it has a tokenizer.json.
     *
     * @throws IOException where they cannot be read
     */
    default List<String> vocabulary() throws IOException {
        return List.of();
    }

    /**
     * Writes the network into a graph.
     *
     * @param ids token numbers [batch, length]
     * @param types segments [batch, length]
     * @param mask [batch, length], 1 for a token and 0 for padding
     */
    <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask);

    /** The names that Transformers has for our tensors, the most usual first; empty where it has none. */
    default Map<String, List<String>> foreignNames() {
        return Map.of();
    }

    /**
     * Where places turn the numbers of a head by pairs, i and i + half of the width: the angle of each pair from one place
     * to the next; empty where places do something else.
     */
    default double[] turns() {
        return new double[0];
    }

    /**
     * Writes the network with other weights into a folder, as Transformers reads it.
     *
     * @throws dev.fewtune.spec.CellFailure with cause YOURS where Transformers has no such network
     */
    default void save(Outfit outfit, Path folder) throws IOException {
        throw CellFailure.yours("Transformers has no network like %s.", spec().name());
    }

    /** The same network as a writer; empty where it has no decoder. */
    default Optional<Writer> writer() {
        return Optional.empty();
    }

    /** What fills masks in the text; empty where it was not pretrained so, or without its head. */
    default Optional<Vocabulary> filler() {
        return Optional.empty();
    }

    /**
     * Hidden states of the last layer.
     *
     * @param states [batch, before + length, width]
     * @param mask [batch, before + length], 1 for a row that may be seen
     * @param before rows that a method has put before the text
     */
    record Hidden<T extends TFloating>(Operand<T> states, Operand<T> mask, int before) {}
}
