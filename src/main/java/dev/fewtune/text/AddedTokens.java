package dev.fewtune.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tokens with their numbers that lie beside a vocabulary, lowest first: those of the model that are repeated there, and
 * those added behind it. They stand in {@code tokenizer_config.json} (added_tokens_decoder) or, in older folders, in
 * {@code added_tokens.json}.
 *
 * @param file where they stand, shown in errors
 */
record AddedTokens(String file, List<AddedToken> tokens) {
    AddedTokens {
        tokens = tokens.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
    }

    /** Reads {@code {"32000": {"content": "[PAD]", "special": true, …}}}. */
    static AddedTokens byNumber(String file, JsonNode decoder) {
        List<AddedToken> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
            JsonNode token = entry.getValue();
            if (!entry.getKey().matches("\\d{1,9}") || content(token) == null) {
                throw CellFailure.yours(
                        "%s: added_tokens_decoder must hold tokens by number, not %s: %s.",
                        file, entry.getKey(), token);
            }
            tokens.add(new AddedToken(
                    Integer.parseInt(entry.getKey()),
                    content(token),
                    token.path("special").asBoolean(),
                    token.path("lstrip").asBoolean(),
                    token.path("rstrip").asBoolean(),
                    token.path("normalized").asBoolean(),
                    token.path("single_word").asBoolean()));
        }
        return new AddedTokens(file, tokens);
    }

    /** Reads {@code {"[PAD]": 32000}}, where a token is special if it has a role in one of the other files. */
    static AddedTokens byText(String file, JsonNode added, List<JsonNode> others) {
        Set<String> special = new HashSet<>();
        others.forEach(other -> special.addAll(withRole(other)));
        List<AddedToken> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : added.properties()) {
            JsonNode number = entry.getValue();
            if (!number.canConvertToInt() || number.intValue() < 0) {
                throw CellFailure.yours("%s: the number of %s must be one, not %s.", file, entry.getKey(), number);
            }
            tokens.add(new AddedToken(number.intValue(), entry.getKey(), special.contains(entry.getKey())));
        }
        return new AddedTokens(file, tokens);
    }

    /** The text of a token that is written as a text or as an object; null where it is neither. */
    static String content(JsonNode token) {
        return token.isTextual() ? token.asText() : token.path("content").textValue();
    }

    private static Set<String> withRole(JsonNode file) {
        Set<String> texts = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : file.properties()) {
            if (entry.getKey().endsWith("_token")) {
                texts.add(content(entry.getValue()));
            }
            if (entry.getKey().endsWith("_special_tokens")) {
                entry.getValue().forEach(token -> texts.add(content(token)));
            }
        }
        return texts;
    }
}
