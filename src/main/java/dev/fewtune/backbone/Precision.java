package dev.fewtune.backbone;

/** In which numbers a converted network keeps its matrices and tables; biases and norms are float32 in any case. */
public enum Precision {
    F32,
    BF16;

    /** The type for a tensor of so many dimensions. */
    NumberType of(int dimensions) {
        return this == BF16 && dimensions > 1 ? NumberType.BF16 : NumberType.F32;
    }

    /** What the name of a converted file ends with, so that both may lie side by side. */
    String suffix() {
        return this == BF16 ? "-bf16" : "";
    }
}
