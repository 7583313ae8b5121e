package dev.fewtune.graft;

import java.util.Locale;

/** A place in a transformer at which a method may act; linear maps, tables, norms and whole sub-layers. */
public enum Site {
    /** The rows of the text that a network reads. */
    TOKENS,
    /** The rows of the text that a network with two stacks writes. */
    TARGET_TOKENS,
    POSITIONS,
    TYPES,
    EMBEDDING_NORM,
    QUERY,
    KEY,
    VALUE,
    ATTENTION_OUTPUT,
    /** The attention sub-layer, as a block. */
    ATTENTION,
    ATTENTION_NORM,
    /** The table of T5's relative positions. */
    RELATIVE_BIAS,
    CROSS_QUERY,
    CROSS_KEY,
    CROSS_VALUE,
    CROSS_ATTENTION_OUTPUT,
    /** The attention to the other stack, as a block. */
    CROSS_ATTENTION,
    CROSS_ATTENTION_NORM,
    /** The map whose activation multiplies that of {@link #INTERMEDIATE}. */
    GATE,
    INTERMEDIATE,
    OUTPUT,
    /** The feed-forward sub-layer, as a block. */
    FEED_FORWARD,
    OUTPUT_NORM,
    FINAL_NORM,
    /** A whole layer. */
    LAYER,
    /** The states that leave the network. */
    STATES,
    /** The dense map of a masked-language head. */
    TRANSFORM,
    TRANSFORM_NORM,
    /** The map to the vocabulary. */
    HEAD;

    /** The name in lower case, as it stands in tensor names and settings. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
