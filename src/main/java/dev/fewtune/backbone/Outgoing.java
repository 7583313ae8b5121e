package dev.fewtune.backbone;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** A tensor on its way into a file; its bytes are fetched when their turn comes. */
interface Outgoing {
    String name();

    NumberType type();

    long[] shape();

    /** Writes {@link #length} bytes, row-major and little-endian. */
    void pour(WritableByteChannel out) throws IOException;

    default long length() {
        return Arrays.stream(shape()).reduce(type().size(), Math::multiplyExact);
    }
}
