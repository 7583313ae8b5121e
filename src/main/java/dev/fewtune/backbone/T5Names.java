package dev.fewtune.backbone;

import java.util.List;

/** The tensors of T5 under Hugging Face's names and ours. */
final class T5Names {
    private static final String UNUSED = "(encoder|decoder)\\.embed_tokens\\.weight|lm_head\\.weight"
            + "|decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\.relative_attention_bias\\.weight";

    private final T5Config config;
    private final Inventory.Builder pieces = new Inventory.Builder();

    private T5Names(T5Config config) {
        this.config = config;
    }

    static Inventory inventory(T5Config config) {
        T5Names names = new T5Names(config);
        names.pieces.table(
                "shared.tokens.weight",
                config.vocabulary(),
                config.width(),
                "shared.weight",
                "encoder.embed_tokens.weight",
                "decoder.embed_tokens.weight");
        for (int layer = 0; layer < config.encoderLayers(); layer++) {
            names.selfAttention("encoder", layer);
            names.feedForward("encoder", layer, 1);
        }
        for (int layer = 0; layer < config.decoderLayers(); layer++) {
            names.selfAttention("decoder", layer);
            names.crossAttention(layer);
            names.feedForward("decoder", layer, 2);
        }
        for (String stack : List.of("encoder", "decoder")) {
            names.pieces.vector(stack + ".final_norm.scale", config.width(), stack + ".final_layer_norm.weight");
        }
        if (!config.tied()) {
            names.pieces.matrix("decoder.head.weight", config.width(), config.vocabulary(), "lm_head.weight");
        }
        return names.pieces.build(UNUSED);
    }

    private void selfAttention(String stack, int layer) {
        String block = block(stack, layer, 0);
        attention(ours(stack, layer), block + "SelfAttention.");
        if (layer == 0) {
            pieces.table(
                    stack + ".0.relative_bias.weight",
                    config.buckets(),
                    config.heads(),
                    block + "SelfAttention.relative_attention_bias.weight");
        }
        pieces.vector(ours(stack, layer) + "attention_norm.scale", config.width(), block + "layer_norm.weight");
    }

    private void crossAttention(int layer) {
        String block = block("decoder", layer, 1);
        attention(ours("decoder", layer) + "cross_", block + "EncDecAttention.");
        pieces.vector(
                ours("decoder", layer) + "cross_attention_norm.scale", config.width(), block + "layer_norm.weight");
    }

    private void attention(String ours, String foreign) {
        int all = config.attentionWidth();
        pieces.matrix(ours + "query.weight", config.width(), all, foreign + "q.weight")
                .matrix(ours + "key.weight", config.width(), all, foreign + "k.weight")
                .matrix(ours + "value.weight", config.width(), all, foreign + "v.weight")
                .matrix(ours + "attention_output.weight", all, config.width(), foreign + "o.weight");
    }

    private void feedForward(String stack, int layer, int place) {
        String ours = ours(stack, layer);
        String block = block(stack, layer, place);
        String dense = block + "DenseReluDense.";
        if (config.gated()) {
            pieces.matrix(ours + "gate.weight", config.width(), config.inner(), dense + "wi_0.weight");
        }
        pieces.matrix(
                        ours + "intermediate.weight",
                        config.width(),
                        config.inner(),
                        dense + (config.gated() ? "wi_1.weight" : "wi.weight"))
                .matrix(ours + "output.weight", config.inner(), config.width(), dense + "wo.weight")
                .vector(ours + "output_norm.scale", config.width(), block + "layer_norm.weight");
    }

    private static String ours(String stack, int layer) {
        return "%s.%s.".formatted(stack, layer);
    }

    private static String block(String stack, int layer, int place) {
        return "%s.block.%s.layer.%s.".formatted(stack, layer, place);
    }
}
