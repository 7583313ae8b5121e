package dev.fewtune.backbone;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a network wears in a folder for Transformers.
 *
 * @param architecture the class of Transformers, such as BertForSequenceClassification; empty for that of the network's own
 *     folder
 * @param fields of config.json besides the network's own
 * @param values by our names, as float32, row-major; asked for one after the other
 * @param more tensors under Transformers' names; where there are some, the parts that the network may be without are left
 *     out
 */
public record Outfit(
        Optional<String> architecture,
        Map<String, Object> fields,
        Function<String, ByteBuffer> values,
        List<Safetensors.Entry> more) {
    public Outfit {
        fields = Map.copyOf(fields);
        more = List.copyOf(more);
    }
}
