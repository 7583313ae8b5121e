package dev.fewtune.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import dev.fewtune.text.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A network that is to be made.
 *
 * @param config the content of its config.json
 * @param tokens roles such as pad_token and the tokens that have them
 * @param special tokens that stand around a text and are no part of it
 * @param end the token that ends a text
 */
record NewNetwork(ObjectNode config, Map<String, String> tokens, List<Integer> special, int end) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws CellFailure with cause YOURS where the tokenizer lacks a token, or the sizes do not fit each other */
    static NewNetwork of(Settings settings, Tokenizer tokenizer) {
        int width = settings.integer("width");
        int heads = settings.integer("heads");
        if (width % heads != 0) {
            throw CellFailure.yours(
                    "The width (%s) must be a multiple of the heads (%s). Maybe width: %s.",
                    width, heads, (width / heads + 1) * heads);
        }
        return settings.text("architecture").equals("t5") ? t5(settings, tokenizer) : bert(settings, tokenizer);
    }

    private static NewNetwork t5(Settings settings, Tokenizer tokenizer) {
        String pad = first(tokenizer, "<pad>", "[PAD]");
        String end = first(tokenizer, "</s>", "[SEP]");
        int width = settings.integer("width");
        ObjectNode config = JSON.createObjectNode()
                .put("model_type", "t5")
                .put("vocab_size", tokenizer.vocabularySize())
                .put("d_model", width)
                .put("d_kv", width / settings.integer("heads"))
                .put("d_ff", settings.integer("inner"))
                .put("num_layers", settings.integer("layers"))
                .put("num_decoder_layers", settings.integer("layers"))
                .put("num_heads", settings.integer("heads"))
                .put("relative_attention_num_buckets", 32)
                .put("relative_attention_max_distance", 128)
                .put("feed_forward_proj", settings.flag("gated") ? "gated-gelu" : "relu")
                .put("dropout_rate", settings.number("dropout"))
                .put("layer_norm_epsilon", 1e-6)
                .put("is_encoder_decoder", true)
                .put("tie_word_embeddings", true)
                .put("pad_token_id", number(tokenizer, pad))
                .put("eos_token_id", number(tokenizer, end))
                .put("decoder_start_token_id", number(tokenizer, pad));
        config.putArray("architectures").add("T5ForConditionalGeneration");
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("pad_token", pad);
        tokens.put("eos_token", end);
        tokens.put("unk_token", first(tokenizer, "<unk>", "[UNK]"));
        return new NewNetwork(config, tokens, List.of(number(tokenizer, end)), number(tokenizer, end));
    }

    private static NewNetwork bert(Settings settings, Tokenizer tokenizer) {
        ObjectNode config = JSON.createObjectNode()
                .put("model_type", "bert")
                .put("vocab_size", tokenizer.vocabularySize())
                .put("hidden_size", settings.integer("width"))
                .put("num_hidden_layers", settings.integer("layers"))
                .put("num_attention_heads", settings.integer("heads"))
                .put("intermediate_size", settings.integer("inner"))
                .put("max_position_embeddings", Math.max(512, settings.integer("length")))
                .put("type_vocab_size", 2)
                .put("hidden_act", "gelu")
                .put("hidden_dropout_prob", settings.number("dropout"))
                .put("attention_probs_dropout_prob", settings.number("dropout"))
                .put("layer_norm_eps", 1e-12)
                .put("tie_word_embeddings", true)
                .put("pad_token_id", number(tokenizer, "[PAD]"));
        config.putArray("architectures").add("BertForMaskedLM");
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String role : List.of("pad", "unk", "cls", "sep", "mask")) {
            String token = "[" + role.toUpperCase(java.util.Locale.ROOT) + "]";
            number(tokenizer, token);
            tokens.put(role + "_token", token);
        }
        return new NewNetwork(
                config,
                tokens,
                List.of(number(tokenizer, "[CLS]"), number(tokenizer, "[SEP]")),
                number(tokenizer, "[SEP]"));
    }

    private static String first(Tokenizer tokenizer, String... tokens) {
        for (String token : tokens) {
            if (tokenizer.tokenId(token).isPresent()) {
                return token;
            }
        }
        throw CellFailure.yours(
                "The tokenizer has none of the tokens %s. Maybe take that of a T5 or of a BERT.",
                String.join(", ", tokens));
    }

    private static int number(Tokenizer tokenizer, String token) {
        OptionalInt number = tokenizer.tokenId(token);
        return number.orElseThrow(() -> CellFailure.yours(
                "The tokenizer has no token %s, which a BERT needs. Maybe take that of a BERT.", token));
    }
}
