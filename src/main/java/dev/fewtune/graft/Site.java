package dev.fewtune.graft;

import java.util.Locale;

/** A place in a transformer at which a method may act; linear maps, tables, norms and whole sub-layers. */
public enum Site {
    TOKENS,
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
    INTERMEDIATE,
    OUTPUT,
    /** The feed-forward sub-layer, as a block. */
    FEED_FORWARD,
    OUTPUT_NORM;

    /** The name in lower case, as it stands in tensor names and settings. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
