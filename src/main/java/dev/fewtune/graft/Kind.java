package dev.fewtune.graft;

import java.util.Locale;

/** What a pretrained tensor is: a matrix or table, an additive vector, or the multiplier of a norm. */
public enum Kind {
    WEIGHT,
    BIAS,
    SCALE;

    /** The last word of a tensor's name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
