package dev.fewtune.spec;

/** Why a cell failed; it alone decides retry, HTTP status and wording. */
public enum Cause {
    /** The YAML, the configuration or the data: mend it, never retried. */
    YOURS,
    /** Memory, disk, or time ran out. */
    RESOURCE,
    /** Input, output or network: tried again. */
    TRANSIENT,
    /** The worker was lost: tried again, on a budget of its own. */
    INFRA,
    /** A bug of Fewtune, kept with its trace. */
    OURS
}
