package dev.fewtune.graft;

/** The joints of a transformer by what they do, never by what one checkpoint calls them. */
public enum Site {
    EMBEDDING,
    POSITION,
    SEGMENT,
    EMBEDDING_NORM,
    QUERY,
    KEY,
    VALUE,
    ATTENTION_OUT,
    ATTENTION_NORM,
    FFN_IN,
    FFN_OUT,
    FFN_NORM,
    HEAD
}
