package dev.fewtune.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What sentencepiece made of texts when the switches of a model's normalizer were turned. */
final class Variants {
    private final SentencePieceModel model;
    private final JsonNode variants;

    Variants(String model, String expected) {
        this.model = SentencePieceReader.read(model, Expected.bytes(model));
        this.variants = Expected.json(expected);
    }

    List<Normalization> settings() {
        List<Normalization> settings = new ArrayList<>();
        variants.forEach(variant -> settings.add(turned(variant)));
        return settings.stream().distinct().toList();
    }

    /**
     * Compares each variant.
     *
     * @param writer of the tokenizer.json
     * @param complete puts the special tokens around numbers, of which sentencepiece gives only those of the text
     */
    void areRead(Function<SentencePieceModel, String> writer, UnaryOperator<int[]> complete) throws IOException {
        List<String> texts = Expected.texts();
        for (JsonNode variant : variants) {
            List<String> chosen = new ArrayList<>();
            List<int[]> ids = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : variant.get("ids").properties()) {
                chosen.add(texts.get(Integer.parseInt(entry.getKey())));
                ids.add(complete.apply(Expected.ints(entry.getValue())));
            }
            SentencePieceModel turned = new SentencePieceModel(
                    "variant", model.kind(), model.pieces(), model.ids(), model.byteFallback(), turned(variant));
            try (Tokenizer tokenizer = TokenizerJson.read("variant", writer.apply(turned))) {
                List<Tokens> found = tokenizer.encode(chosen, null, Expected.LONG);
                Expected.same(chosen, ids, found.stream().map(Tokens::ids).toList());
            }
        }
    }

    private Normalization turned(JsonNode variant) {
        return new Normalization(
                model.normalization().charsmap(),
                variant.get("dummy_prefix").asBoolean(),
                variant.get("remove_extra_spaces").asBoolean());
    }
}
