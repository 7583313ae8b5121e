package dev.fewtune.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** The tokens of a tokenizer.json by text: those of its model ({@code model.vocab}) and {@code added_tokens}. */
final class Vocabulary {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Integer> numbers = new HashMap<>();
    private int size;

    private Vocabulary() {}

    static Vocabulary of(byte[] tokenizerJson) throws IOException {
        Vocabulary vocabulary = new Vocabulary();
        JsonNode model = JSON.reader().at("/model/vocab").readTree(tokenizerJson);
        for (Map.Entry<String, JsonNode> entry : model.properties()) {
            vocabulary.add(entry.getKey(), entry.getValue().asInt());
        }
        if (model.isArray()) {
            for (int id = 0; id < model.size(); id++) {
                vocabulary.add(model.get(id).get(0).asText(), id);
            }
        }
        for (JsonNode added : JSON.reader().at("/added_tokens").readTree(tokenizerJson)) {
            vocabulary.add(added.get("content").asText(), added.get("id").asInt());
        }
        return vocabulary;
    }

    /** One more than the highest number of a token: the rows that an embedding needs. */
    int size() {
        return size;
    }

    OptionalInt number(String token) {
        Integer number = numbers.get(token);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private void add(String token, int number) {
        numbers.put(token, number);
        size = Math.max(size, number + 1);
    }
}
