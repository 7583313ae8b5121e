package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * BERT (Devlin et al., arXiv 1810.04805), RoBERTa (Liu et al., arXiv 1907.11692) and DistilBERT (Sanh et al., arXiv
 * 1910.01108). The names in brackets are those of Hugging Face for BERT.
 *
 * @param family bert, roberta or distilbert
 * @param width of a hidden state (hidden_size)
 * @param inner width of the feed-forward sub-layer (intermediate_size)
 * @param positions rows of the position table (max_position_embeddings)
 * @param types rows of the segment table (type_vocab_size); 0 where there is none
 * @param epsilon of the norms (layer_norm_eps)
 * @param pad token of padding (pad_token_id)
 */
record BertConfig(
        String family,
        int vocabulary,
        int width,
        int layers,
        int heads,
        int inner,
        int positions,
        int types,
        Activation activation,
        double epsilon,
        int pad)
        implements ModelConfig {
    BertConfig {
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "The width (%s) of %s must be a multiple of its heads (%s).".formatted(width, family, heads));
        }
        if (positions <= (family.equals("roberta") ? pad + 1 : 0)) {
            throw new IllegalArgumentException(
                    "The %s positions of roberta must be more than pad_token_id + 1 (%s), from which they are counted."
                            .formatted(positions, pad + 1));
        }
    }

    /** With widths divided and rounded up, and as many heads. */
    BertConfig narrowed(int divisor) {
        int head = Heads.narrowed(width / heads, divisor);
        return new BertConfig(
                family,
                vocabulary,
                heads * head,
                layers,
                heads,
                Heads.narrowed(inner, divisor),
                positions,
                types,
                activation,
                epsilon,
                pad);
    }

    /** All that is wrong is added to the fields' faults; the result is good only where there are none. */
    static BertConfig bert(ConfigFields fields) {
        return like("bert", fields, 2, 0);
    }

    static BertConfig roberta(ConfigFields fields) {
        return like("roberta", fields, 2, 1);
    }

    static BertConfig distilbert(ConfigFields fields) {
        fields.requireTied();
        return new BertConfig(
                "distilbert",
                fields.count("vocab_size"),
                fields.count("dim"),
                fields.count("n_layers"),
                fields.divisor("n_heads", "dim"),
                fields.count("hidden_dim"),
                fields.count("max_position_embeddings"),
                0,
                fields.activation("activation", fields.word("activation", "gelu")),
                1e-12,
                fields.token("pad_token_id", 0));
    }

    private static BertConfig like(String family, ConfigFields fields, int types, int pad) {
        fields.requireTied();
        fields.require("position_embedding_type", "absolute");
        fields.require("is_decoder", "false");
        fields.require("add_cross_attention", "false");
        return new BertConfig(
                family,
                fields.count("vocab_size"),
                fields.count("hidden_size"),
                fields.count("num_hidden_layers"),
                fields.divisor("num_attention_heads", "hidden_size"),
                fields.count("intermediate_size"),
                fields.count("max_position_embeddings"),
                fields.count("type_vocab_size", types),
                fields.activation("hidden_act", fields.word("hidden_act", "gelu")),
                fields.positive("layer_norm_eps", 1e-12),
                fields.token("pad_token_id", pad));
    }

    /**
     * Its config.json, with BERT's names of the fields.
     *
     * @param architecture the class of Transformers
     */
    ObjectNode json(String architecture) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add(architecture);
        return json.put("model_type", family)
                .put("vocab_size", vocabulary)
                .put("hidden_size", width)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("intermediate_size", inner)
                .put("max_position_embeddings", positions)
                .put("type_vocab_size", types)
                .put("hidden_act", activation.label())
                .put("layer_norm_eps", epsilon)
                .put("pad_token_id", pad);
    }

    /** The row of the position table that the first token takes: RoBERTa counts from the one after its padding's. */
    int firstPosition() {
        return family.equals("roberta") ? pad + 1 : 0;
    }

    @Override
    public boolean tied() {
        return true;
    }

    @Override
    public ModelConfig untied() {
        throw new IllegalArgumentException(
                "A masked-language head of %s with an output matrix other than the token table is not read."
                        .formatted(family));
    }

    @Override
    public String foreignHead() {
        return BertNames.of(this).foreignHead();
    }

    @Override
    public Network network() {
        return new Bert(this);
    }

    @Override
    public Inventory inventory() {
        return BertNames.of(this).inventory(this);
    }
}
