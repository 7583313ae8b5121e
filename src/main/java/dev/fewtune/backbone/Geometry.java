package dev.fewtune.backbone;

/**
 * The sizes of an encoder.
 *
 * @param vocabulary rows of the word table
 * @param positions rows of the position table
 * @param segments rows of the segment table
 * @param hidden width of a hidden state
 * @param feedForward width inside the feed-forward part
 * @param epsilon of the layer norms
 */
public record Geometry(
        int vocabulary,
        int positions,
        int segments,
        int hidden,
        int layers,
        int heads,
        int feedForward,
        double epsilon) {
    public Geometry {
        if (hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "The width (%s) must be a multiple of the heads (%s).".formatted(hidden, heads));
        }
    }
}
