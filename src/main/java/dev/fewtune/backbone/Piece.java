package dev.fewtune.backbone;

import java.util.List;

/**
 * One tensor that a network consists of.
 *
 * @param name ours, such as {@code encoder.3.query.weight}
 * @param shape ours; matrices are [in, out]
 * @param foreign names under which it may stand elsewhere, the most usual first
 * @param turned whether it stands there as [out, in]
 * @param part of the network that may be left out as a whole; empty for what must be there
 */
record Piece(String name, long[] shape, List<String> foreign, boolean turned, String part) {
    /** The shape elsewhere. */
    long[] foreignShape() {
        return turned ? new long[] {shape[1], shape[0]} : shape;
    }

    Piece unturned() {
        return new Piece(name, shape, foreign, false, part);
    }
}
