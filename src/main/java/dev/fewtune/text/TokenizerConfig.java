package dev.fewtune.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What lies beside a vocabulary in a Hugging Face folder: {@code tokenizer_config.json} and the older
 * {@code special_tokens_map.json} and {@code added_tokens.json}. Each may be missing.
 */
final class TokenizerConfig {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final JsonNode config;
    private final JsonNode special;
    private final AddedTokens added;

    private TokenizerConfig(String name, JsonNode config, JsonNode special, AddedTokens added) {
        this.name = name;
        this.config = config;
        this.special = special;
        this.added = added;
    }

    /** Where there are no such files: all defaults. */
    static TokenizerConfig none() {
        return of(JSON.createObjectNode());
    }

    /** Where there are no such files, and whether the model is an uncased one is known. */
    static TokenizerConfig lowerCase(boolean lowerCase) {
        return of(JSON.createObjectNode().put("do_lower_case", lowerCase));
    }

    /**
     * Reads the files of a folder.
     *
     * @throws IOException where a file cannot be read
     * @throws CellFailure with cause YOURS where a file is no JSON object, or its tokens have no numbers
     */
    static TokenizerConfig read(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        Path older = folder.resolve("added_tokens.json");
        JsonNode config = object(file);
        JsonNode special = object(folder.resolve("special_tokens_map.json"));
        AddedTokens added = config.has("added_tokens_decoder")
                ? AddedTokens.byNumber(file.toString(), config.get("added_tokens_decoder"))
                : AddedTokens.byText(older.toString(), object(older), List.of(config, special));
        return new TokenizerConfig(file.toString(), config, special, added);
    }

    /** Class of Transformers for which the folder was written. */
    Optional<String> tokenizerClass() {
        return config.hasNonNull("tokenizer_class")
                ? Optional.of(config.get("tokenizer_class").asText())
                : Optional.empty();
    }

    boolean flag(String field, boolean otherwise) {
        return flag(field).orElse(otherwise);
    }

    /** @throws CellFailure with cause YOURS where the field is neither true, false nor null */
    Optional<Boolean> flag(String field) {
        JsonNode value = config.path(field);
        if (!value.isBoolean() && !absent(value)) {
            throw wrong(field, "true or false", value);
        }
        return absent(value) ? Optional.empty() : Optional.of(value.booleanValue());
    }

    /** @throws CellFailure with cause YOURS where the field is no number of tokens */
    int count(String field, int otherwise) {
        JsonNode value = config.path(field);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.canConvertToInt() || value.intValue() < 0) {
            throw wrong(field, "a number of tokens", value);
        }
        return value.intValue();
    }

    /** The text of a token that has a role, such as {@code bos_token}. */
    String token(String role, String otherwise) {
        String named = AddedTokens.content(config.path(role));
        if (named == null) {
            named = AddedTokens.content(special.path(role));
        }
        return named == null ? otherwise : named;
    }

    AddedTokens added() {
        return added;
    }

    private CellFailure wrong(String field, String wanted, Object found) {
        return CellFailure.yours("%s: %s must be %s, not %s.", name, field, wanted, found);
    }

    private static TokenizerConfig of(JsonNode config) {
        AddedTokens none = new AddedTokens("added_tokens.json", List.of());
        return new TokenizerConfig("tokenizer_config.json", config, JSON.createObjectNode(), none);
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static JsonNode object(Path file) throws IOException {
        if (!Files.exists(file)) {
            return JSON.createObjectNode();
        }
        try {
            JsonNode read = JSON.readTree(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            if (read.isObject()) {
                return read;
            }
            throw CellFailure.yours("%s must hold a JSON object.", file);
        } catch (JsonProcessingException malformed) {
            throw CellFailure.yours(
                    "%s is no JSON: line %s, column %s: %s.",
                    file,
                    malformed.getLocation().getLineNr(),
                    malformed.getLocation().getColumnNr(),
                    malformed.getOriginalMessage());
        }
    }
}
