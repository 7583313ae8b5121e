package dev.fewtune.backbone;

import java.util.List;

/**
 * Llama (Touvron et al., arXiv 2302.13971, 2307.09288) and Qwen2 (arXiv 2407.10671), SmolLM being a Llama. The names in
 * brackets are those of Hugging Face.
 *
 * @param family llama or qwen2
 * @param width of a hidden state (hidden_size)
 * @param keyValueHeads each shared by heads / keyValueHeads query heads (num_key_value_heads)
 * @param headWidth of one head (head_dim); heads × headWidth need not be width
 * @param inner width of the feed-forward sub-layer (intermediate_size)
 * @param positions longest input (max_position_embeddings)
 * @param rope how positions turn queries and keys, by halves: i and i + headWidth / 2 are partners
 * @param epsilon of the root mean square norms (rms_norm_eps)
 * @param tied whether the output matrix is the token table (tie_word_embeddings)
 * @param inputBias whether query, key and value have a bias
 * @param outputBias whether the attention's output has one
 * @param begin token that begins a text (bos_token_id); -1 for none
 * @param ends tokens that end a text (eos_token_id)
 * @param pad token of padding (pad_token_id); -1 for none
 */
record LlamaConfig(
        String family,
        int vocabulary,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int inner,
        int positions,
        Rope rope,
        double epsilon,
        boolean tied,
        boolean inputBias,
        boolean outputBias,
        int begin,
        List<Integer> ends,
        int pad)
        implements ModelConfig {
    LlamaConfig {
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("The heads (%s) of %s must be a multiple of its key-value heads (%s)."
                    .formatted(heads, family, keyValueHeads));
        }
        if (headWidth % 2 != 0) {
            throw new IllegalArgumentException(
                    "The head width (%s) of %s must be even, for rotary positions.".formatted(headWidth, family));
        }
    }

    /** With widths divided and rounded up, that of a head to an even one, and as many heads. */
    LlamaConfig narrowed(int divisor) {
        return new LlamaConfig(
                family,
                vocabulary,
                Heads.narrowed(width, divisor),
                layers,
                heads,
                keyValueHeads,
                2 * Heads.narrowed(headWidth / 2, divisor),
                Heads.narrowed(inner, divisor),
                positions,
                rope,
                epsilon,
                tied,
                inputBias,
                outputBias,
                begin,
                ends,
                pad);
    }

    /** All that is wrong is added to the fields' faults; the result is good only where there are none. */
    static LlamaConfig llama(ConfigFields fields) {
        boolean bias = fields.flag("attention_bias", false);
        fields.require("mlp_bias", "false");
        return like("llama", fields, 2048, bias, bias);
    }

    /** Its attention has biases, without a word in its configuration, but for the output. */
    static LlamaConfig qwen2(ConfigFields fields) {
        fields.require("use_sliding_window", "false");
        return like("qwen2", fields, 32_768, true, false);
    }

    private static LlamaConfig like(
            String family, ConfigFields fields, int maxPositions, boolean inputBias, boolean outputBias) {
        fields.require("hidden_act", "silu");
        fields.require("partial_rotary_factor", "1.0");
        int width = fields.count("hidden_size");
        int heads = fields.count("num_attention_heads");
        int positions = fields.count("max_position_embeddings", maxPositions);
        int headWidth = fields.has("head_dim")
                ? fields.count("head_dim")
                : width / fields.divisor("num_attention_heads", "hidden_size");
        if (headWidth % 2 != 0) {
            fields.fault("head_dim (%s) must be even, for rotary positions", headWidth);
        }
        return new LlamaConfig(
                family,
                fields.count("vocab_size"),
                width,
                fields.count("num_hidden_layers"),
                heads,
                fields.has("num_key_value_heads")
                        ? fields.divisor("num_key_value_heads", "num_attention_heads")
                        : heads,
                headWidth + headWidth % 2,
                fields.count("intermediate_size"),
                positions,
                Rope.of(fields, positions),
                fields.positive("rms_norm_eps", 1e-6),
                fields.flag("tie_word_embeddings", false),
                inputBias,
                outputBias,
                fields.token("bos_token_id", -1),
                fields.tokens("eos_token_id"),
                fields.token("pad_token_id", -1));
    }

    /** Width of all query heads together. */
    int attentionWidth() {
        return heads * headWidth;
    }

    /** Width of all key heads together, and of all value heads. */
    int keyValueWidth() {
        return keyValueHeads * headWidth;
    }

    @Override
    public boolean causal() {
        return true;
    }

    @Override
    public LlamaConfig untied() {
        return new LlamaConfig(
                family,
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                headWidth,
                inner,
                positions,
                rope,
                epsilon,
                false,
                inputBias,
                outputBias,
                begin,
                ends,
                pad);
    }

    @Override
    public String foreignHead() {
        return "lm_head.weight";
    }

    @Override
    public Network network() {
        return new Llama(this);
    }

    @Override
    public Inventory inventory() {
        return LlamaNames.inventory(this);
    }
}
