package dev.fewtune.backbone;

/** The tensors of Llama and Qwen2 under Hugging Face's names and ours. */
final class LlamaNames {
    private static final String UNUSED =
            "lm_head\\.weight|score\\.weight|(model\\.)?(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\..*";

    private final LlamaConfig config;
    private final Inventory.Builder pieces = new Inventory.Builder();

    private LlamaNames(LlamaConfig config) {
        this.config = config;
    }

    static Inventory inventory(LlamaConfig config) {
        LlamaNames names = new LlamaNames(config);
        names.pieces.prefixes("model.", "");
        names.pieces.table("decoder.tokens.weight", config.vocabulary(), config.width(), "embed_tokens.weight");
        for (int layer = 0; layer < config.layers(); layer++) {
            names.layer("decoder.%s.".formatted(layer), "layers.%s.".formatted(layer));
        }
        names.pieces.vector("decoder.final_norm.scale", config.width(), "norm.weight");
        if (!config.tied()) {
            names.pieces
                    .prefixes("")
                    .matrix("decoder.head.weight", config.width(), config.vocabulary(), "lm_head.weight");
        }
        return names.pieces.build(UNUSED);
    }

    private void layer(String ours, String foreign) {
        int width = config.width();
        String attention = foreign + "self_attn.";
        linear(ours + "query", width, config.attentionWidth(), config.inputBias(), attention + "q_proj");
        linear(ours + "key", width, config.keyValueWidth(), config.inputBias(), attention + "k_proj");
        linear(ours + "value", width, config.keyValueWidth(), config.inputBias(), attention + "v_proj");
        linear(ours + "attention_output", config.attentionWidth(), width, config.outputBias(), attention + "o_proj");
        linear(ours + "gate", width, config.inner(), false, foreign + "mlp.gate_proj");
        linear(ours + "intermediate", width, config.inner(), false, foreign + "mlp.up_proj");
        linear(ours + "output", config.inner(), width, false, foreign + "mlp.down_proj");
        pieces.vector(ours + "attention_norm.scale", width, foreign + "input_layernorm.weight")
                .vector(ours + "output_norm.scale", width, foreign + "post_attention_layernorm.weight");
    }

    private void linear(String ours, int in, int out, boolean bias, String foreign) {
        pieces.matrix(ours + ".weight", in, out, foreign + ".weight");
        if (bias) {
            pieces.vector(ours + ".bias", out, foreign + ".bias");
        }
    }
}
