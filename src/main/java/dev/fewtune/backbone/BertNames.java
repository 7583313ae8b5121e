package dev.fewtune.backbone;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From Hugging Face's names of BERT tensors to ours. */
final class BertNames {
    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Map<String, String> SITES = new LinkedHashMap<>();
    private static final Map<String, String> ONCE = Map.of(
            "embeddings.word_embeddings.weight", "encoder.tokens.weight",
            "embeddings.position_embeddings.weight", "encoder.positions.weight",
            "embeddings.token_type_embeddings.weight", "encoder.types.weight",
            "embeddings.LayerNorm.weight", "encoder.embedding_norm.scale",
            "embeddings.LayerNorm.bias", "encoder.embedding_norm.bias");

    static {
        SITES.put("attention.self.query", "query");
        SITES.put("attention.self.key", "key");
        SITES.put("attention.self.value", "value");
        SITES.put("attention.output.dense", "attention_output");
        SITES.put("attention.output.LayerNorm", "attention_norm");
        SITES.put("intermediate.dense", "intermediate");
        SITES.put("output.dense", "output");
        SITES.put("output.LayerNorm", "output_norm");
    }

    private BertNames() {}

    /** Our name, or null for a tensor that the encoder does not use. */
    static String joint(String foreign) {
        Matcher matcher = LAYER.matcher(foreign);
        if (!matcher.matches()) {
            return ONCE.get(foreign);
        }
        String site = SITES.get(matcher.group(2));
        if (site == null) {
            return null;
        }
        boolean scale = site.endsWith("_norm") && matcher.group(3).equals("weight");
        return "encoder.%s.%s.%s".formatted(matcher.group(1), site, scale ? "scale" : matcher.group(3));
    }
}
