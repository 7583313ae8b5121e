package dev.fewtune.backbone;

/**
 * T5 (Raffel et al., arXiv 1910.10683): v1.0, and v1.1 and Flan with their gated feed-forward and own output matrix. The
 * names in brackets are those of Hugging Face.
 *
 * @param width of a hidden state (d_model)
 * @param headWidth of one head (d_kv); heads × headWidth need not be width
 * @param inner width of the feed-forward sub-layer (d_ff)
 * @param encoderLayers (num_layers)
 * @param decoderLayers (num_decoder_layers)
 * @param buckets rows of the tables of relative positions (relative_attention_num_buckets)
 * @param maxDistance from which on all distances share a bucket (relative_attention_max_distance)
 * @param gated whether the feed-forward sub-layer has a gate (feed_forward_proj)
 * @param tied whether the output matrix is the token table (tie_word_embeddings)
 * @param scaled whether the decoder's states are multiplied by width^-0.5 before the output matrix: so in v1.0
 * @param epsilon of the root mean square norms (layer_norm_epsilon)
 * @param pad token of padding (pad_token_id)
 * @param end token that ends a text (eos_token_id)
 * @param start token with which the decoder begins (decoder_start_token_id)
 */
record T5Config(
        int vocabulary,
        int width,
        int headWidth,
        int inner,
        int encoderLayers,
        int decoderLayers,
        int heads,
        int buckets,
        int maxDistance,
        Activation activation,
        boolean gated,
        boolean tied,
        boolean scaled,
        double epsilon,
        int pad,
        int end,
        int start)
        implements ModelConfig {

    /** With widths divided and rounded up, and as many heads. */
    T5Config narrowed(int divisor) {
        return new T5Config(
                vocabulary,
                Heads.narrowed(width, divisor),
                Heads.narrowed(headWidth, divisor),
                Heads.narrowed(inner, divisor),
                encoderLayers,
                decoderLayers,
                heads,
                buckets,
                maxDistance,
                activation,
                gated,
                tied,
                scaled,
                epsilon,
                pad,
                end,
                start);
    }

    /** All that is wrong is added to the fields' faults; the result is good only where there are none. */
    static T5Config of(ConfigFields fields) {
        fields.requireArchitecture("T5ForConditionalGeneration", "T5WithLMHeadModel");
        String[] projection = fields.word("feed_forward_proj", "relu").split("-", 2);
        boolean gated = projection.length == 2 && projection[0].equals("gated");
        // Transformers means the approximate curve by gated-gelu and the exact one by gelu.
        String curve = gated && projection[1].equals("gelu") ? "gelu_new" : projection[projection.length - 1];
        int layers = fields.count("num_layers");
        boolean tied = fields.flag("tie_word_embeddings", true);
        int pad = fields.token("pad_token_id", 0);
        return new T5Config(
                fields.count("vocab_size"),
                fields.count("d_model"),
                fields.count("d_kv"),
                fields.count("d_ff"),
                layers,
                fields.count("num_decoder_layers", layers),
                fields.count("num_heads"),
                fields.count("relative_attention_num_buckets", 32),
                fields.count("relative_attention_max_distance", 128),
                projection.length == 2 && !gated
                        ? fields.unknown("feed_forward_proj", "relu, gelu, gated-gelu, gated-silu", Activation.RELU)
                        : fields.activation("feed_forward_proj", curve),
                gated,
                tied,
                fields.flag("scale_decoder_outputs", tied),
                fields.positive("layer_norm_epsilon", 1e-6),
                pad,
                fields.token("eos_token_id", 1),
                fields.token("decoder_start_token_id", pad));
    }

    @Override
    public String family() {
        return "t5";
    }

    /** Width of all heads together. */
    int attentionWidth() {
        return heads * headWidth;
    }

    @Override
    public T5Config untied() {
        return new T5Config(
                vocabulary,
                width,
                headWidth,
                inner,
                encoderLayers,
                decoderLayers,
                heads,
                buckets,
                maxDistance,
                activation,
                gated,
                false,
                scaled,
                epsilon,
                pad,
                end,
                start);
    }

    @Override
    public String foreignHead() {
        return "lm_head.weight";
    }

    /** As the released code of T5, without which its unscaled attention would not learn. */
    @Override
    public double startDeviation(String tensor) {
        String site = tensor.substring(0, tensor.lastIndexOf('.'));
        site = site.substring(site.lastIndexOf('.') + 1);
        return switch (site) {
            case "query", "cross_query" -> 1 / Math.sqrt((double) width * headWidth);
            case "attention_output", "cross_attention_output" -> 1 / Math.sqrt(attentionWidth());
            case "output" -> 1 / Math.sqrt(inner);
            case "tokens", "head" -> 1;
            default -> 1 / Math.sqrt(width);
        };
    }

    @Override
    public Network network() {
        return new T5(this);
    }

    @Override
    public Inventory inventory() {
        return T5Names.inventory(this);
    }
}
