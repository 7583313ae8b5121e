package dev.fewtune.backbone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of BERT and its kin under Hugging Face's names and ours.
 *
 * @param layer what stands before the number of a layer
 * @param sites of a layer, by our name
 * @param head the masked-language head: dense map, norm, bias, and output matrix
 * @param unused besides
 */
record BertNames(String prefix, String layer, Map<String, String> sites, List<String> head, String unused) {
    private static final String MLM = "mlm";
    private static final BertNames BERT = new BertNames(
            "bert.",
            "encoder.layer.",
            sites(
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm"),
            List.of(
                    "cls.predictions.transform.dense",
                    "cls.predictions.transform.LayerNorm",
                    "cls.predictions.bias",
                    "cls.predictions.decoder"),
            "pooler\\..*|cls\\.seq_relationship\\..*|classifier\\..*|qa_outputs\\..*");
    private static final BertNames ROBERTA = new BertNames(
            "roberta.",
            BERT.layer,
            BERT.sites,
            List.of("lm_head.dense", "lm_head.layer_norm", "lm_head.bias", "lm_head.decoder"),
            "pooler\\..*|classifier\\..*|qa_outputs\\..*");
    private static final BertNames DISTILBERT = new BertNames(
            "distilbert.",
            "transformer.layer.",
            sites(
                    "attention.q_lin",
                    "attention.k_lin",
                    "attention.v_lin",
                    "attention.out_lin",
                    "sa_layer_norm",
                    "ffn.lin1",
                    "ffn.lin2",
                    "output_layer_norm"),
            List.of("vocab_transform", "vocab_layer_norm", "vocab_projector.bias", "vocab_projector"),
            "pre_classifier\\..*|classifier\\..*|qa_outputs\\..*");
    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d+)\\.(.+)\\.(weight|bias)");

    static BertNames of(BertConfig config) {
        return switch (config.family()) {
            case "bert" -> BERT;
            case "roberta" -> ROBERTA;
            case "distilbert" -> DISTILBERT;
            default -> throw new IllegalArgumentException("%s is no kin of BERT.".formatted(config.family()));
        };
    }

    /** Our name of a tensor of a BERT encoder without prefix, or null for one that it does not use. */
    static String joint(String foreign) {
        Matcher matcher = LAYER.matcher(foreign);
        if (matcher.matches()) {
            return BERT.sites.entrySet().stream()
                    .filter(site -> site.getValue().equals(matcher.group(2)))
                    .map(site -> ours(matcher.group(1), site.getKey(), matcher.group(3)))
                    .findFirst()
                    .orElse(null);
        }
        return switch (foreign) {
            case "embeddings.word_embeddings.weight" -> "encoder.tokens.weight";
            case "embeddings.position_embeddings.weight" -> "encoder.positions.weight";
            case "embeddings.token_type_embeddings.weight" -> "encoder.types.weight";
            case "embeddings.LayerNorm.weight" -> "encoder.embedding_norm.scale";
            case "embeddings.LayerNorm.bias" -> "encoder.embedding_norm.bias";
            default -> null;
        };
    }

    String foreignHead() {
        return head.get(3) + ".weight";
    }

    Inventory inventory(BertConfig config) {
        Inventory.Builder pieces = new Inventory.Builder();
        int width = config.width();
        pieces.prefixes(prefix, "");
        pieces.table("encoder.tokens.weight", config.vocabulary(), width, "embeddings.word_embeddings.weight")
                .table("encoder.positions.weight", config.positions(), width, "embeddings.position_embeddings.weight");
        if (config.types() > 0) {
            pieces.table("encoder.types.weight", config.types(), width, "embeddings.token_type_embeddings.weight");
        }
        norm(pieces, "encoder.embedding_norm", width, "embeddings.LayerNorm");
        for (int number = 0; number < config.layers(); number++) {
            layer(pieces, number, config);
        }
        pieces.prefixes("").part(MLM);
        linear(pieces, "mlm.transform", width, width, head.get(0));
        norm(pieces, "mlm.transform_norm", width, head.get(1));
        pieces.vector("mlm.head.bias", config.vocabulary(), head.get(2), head.get(3) + ".bias");
        String tied = Pattern.quote(head.get(3)) + "\\.(weight|bias)";
        return pieces.build("(%s)?(embeddings\\.position_ids|%s|%s)".formatted(Pattern.quote(prefix), tied, unused));
    }

    private void layer(Inventory.Builder pieces, int number, BertConfig config) {
        for (var site : sites.entrySet()) {
            String ours = "encoder.%s.%s".formatted(number, site.getKey());
            String foreign = layer + number + "." + site.getValue();
            int in = site.getKey().equals("output") ? config.inner() : config.width();
            int out = site.getKey().equals("intermediate") ? config.inner() : config.width();
            if (isNorm(site.getKey())) {
                norm(pieces, ours, config.width(), foreign);
            } else {
                linear(pieces, ours, in, out, foreign);
            }
        }
    }

    private static void linear(Inventory.Builder pieces, String ours, int in, int out, String foreign) {
        pieces.matrix(ours + ".weight", in, out, foreign + ".weight").vector(ours + ".bias", out, foreign + ".bias");
    }

    /** Files made from the first TensorFlow checkpoints say gamma and beta. */
    private static void norm(Inventory.Builder pieces, String ours, int width, String foreign) {
        pieces.vector(ours + ".scale", width, foreign + ".weight", foreign + ".gamma")
                .vector(ours + ".bias", width, foreign + ".bias", foreign + ".beta");
    }

    private static String ours(String layer, String site, String kind) {
        return "encoder.%s.%s.%s".formatted(layer, site, isNorm(site) && kind.equals("weight") ? "scale" : kind);
    }

    private static boolean isNorm(String site) {
        return site.endsWith("_norm");
    }

    private static Map<String, String> sites(String... foreign) {
        List<String> ours = List.of(
                "query", "key", "value", "attention_output", "attention_norm", "intermediate", "output", "output_norm");
        Map<String, String> sites = new LinkedHashMap<>();
        for (int i = 0; i < foreign.length; i++) {
            sites.put(ours.get(i), foreign[i]);
        }
        return sites;
    }
}
