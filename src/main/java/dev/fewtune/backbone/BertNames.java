package dev.fewtune.backbone;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names of BERT tensors: ours, from the joints, to those of other formats. */
final class BertNames {
    private static final Map<String, String> DENSE = Map.of(
            "query", "attention/self/query",
            "key", "attention/self/key",
            "value", "attention/self/value",
            "attention_out", "attention/output/dense",
            "ffn_in", "intermediate/dense",
            "ffn_out", "output/dense");
    private static final Map<String, String> NORM =
            Map.of("attention_norm", "attention.output.LayerNorm", "ffn_norm", "output.LayerNorm");

    private BertNames() {}

    /** Our names to those of an ONNX file exported from Transformers; kernels by the node that uses them. */
    static Map<String, String> onnx(int layers) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("encoder.embedding.weight", "embeddings.word_embeddings.weight");
        names.put("encoder.position.weight", "embeddings.position_embeddings.weight");
        names.put("encoder.segment.weight", "embeddings.token_type_embeddings.weight");
        names.put("encoder.embedding_norm.scale", "embeddings.LayerNorm.weight");
        names.put("encoder.embedding_norm.bias", "embeddings.LayerNorm.bias");
        for (int layer = 0; layer < layers; layer++) {
            String ours = "encoder." + layer + ".";
            String theirs = "encoder.layer." + layer + ".";
            String node = "/encoder/layer." + layer + "/";
            DENSE.forEach((joint, path) -> {
                names.put(ours + joint + ".weight", node + path + "/MatMul");
                names.put(ours + joint + ".bias", theirs + path.replace('/', '.') + ".bias");
            });
            NORM.forEach((joint, path) -> {
                names.put(ours + joint + ".scale", theirs + path + ".weight");
                names.put(ours + joint + ".bias", theirs + path + ".bias");
            });
        }
        return names;
    }
}
