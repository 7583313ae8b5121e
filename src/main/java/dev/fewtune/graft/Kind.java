package dev.fewtune.graft;

import java.util.Locale;

/** The parts of a joint that a pretrained model stores. */
public enum Kind {
    WEIGHT,
    BIAS,
    SCALE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
