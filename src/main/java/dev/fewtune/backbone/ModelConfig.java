package dev.fewtune.backbone;

/** The geometry of a network and all else that its configuration says about how it computes. */
sealed interface ModelConfig permits T5Config, BertConfig, LlamaConfig {
    /** The model_type of Hugging Face, such as t5 or roberta. */
    String family();

    /** Rows of the token table. */
    int vocabulary();

    /** Of a hidden state. */
    int width();

    /** Whether a token's state in {@link Network#hidden} depends on none behind it. */
    default boolean causal() {
        return false;
    }

    /** Whether the output matrix is the token table. */
    boolean tied();

    /**
     * The same network with an output matrix of its own.
     *
     * @throws IllegalArgumentException where there is no such network here
     */
    ModelConfig untied();

    /** The foreign name of an output matrix, where there is one. */
    String foreignHead();

    Inventory inventory();

    /**
     * Of the normal distribution from which a matrix or table of a new network is drawn; as in Transformers, 0.02 where
     * the family has no rule of its own.
     *
     * @param tensor our name
     */
    default double startDeviation(String tensor) {
        return 0.02;
    }

    Network network();
}
