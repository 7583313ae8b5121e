package dev.fewtune.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Makes of a BERT's tokenizer.json one for a T5: with {@code <extra_id_0>} to {@code <extra_id_99>} behind the
 * vocabulary, and with nothing before a text. One that has sentinels stays as it is.
 */
public final class Sentinels {
    private static final int COUNT = 100;
    private static final String FIRST = "<extra_id_0>";
    private static final String BEGIN = "[CLS]";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Sentinels() {}

    /** The text of the tokenizer.json with sentinels. */
    public static String in(String json) {
        try {
            ObjectNode root = (ObjectNode) JSON.readTree(json);
            if (json.contains(FIRST)) {
                return json;
            }
            int next = 0;
            for (JsonNode number : root.at("/model/vocab")) {
                next = Math.max(next, number.asInt() + 1);
            }
            ArrayNode added = root.withArray("added_tokens");
            for (int i = COUNT - 1; i >= 0; i--) {
                added.addObject()
                        .put("id", next++)
                        .put("content", "<extra_id_%d>".formatted(i))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
            for (String form : new String[] {"single", "pair"}) {
                withoutBegin(root.at("/post_processor/" + form));
            }
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void withoutBegin(JsonNode template) {
        if (!template.isArray()) {
            return;
        }
        for (int i = template.size() - 1; i >= 0; i--) {
            if (template.get(i).at("/SpecialToken/id").asText().equals(BEGIN)) {
                ((ArrayNode) template).remove(i);
            }
        }
    }
}
