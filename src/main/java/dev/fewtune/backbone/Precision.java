package dev.fewtune.backbone;

import java.util.Locale;

/** In which numbers a converted network keeps its matrices and tables; biases and norms are float32 in any case. */
public enum Precision {
    F32,
    BF16;

    /** @param name such as bf16 */
    public static Precision of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The type for a tensor of so many dimensions. */
    NumberType of(int dimensions) {
        return this == BF16 && dimensions > 1 ? NumberType.BF16 : NumberType.F32;
    }

    /** What the name of a converted file ends with, so that both may lie side by side. */
    String suffix() {
        return this == BF16 ? "-bf16" : "";
    }
}
