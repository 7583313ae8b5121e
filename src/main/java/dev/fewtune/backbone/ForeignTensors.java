package dev.fewtune.backbone;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/** Pretrained tensors under the names that others gave them. Unknown names may throw what they like. */
interface ForeignTensors extends Closeable {
    /** In the order in which they lie; bytes may be asked for in this order only. */
    Set<String> names();

    NumberType type(String name);

    long[] shape(String name);

    /** Row-major and little-endian. */
    ByteBuffer bytes(String name) throws IOException;

    @Override
    default void close() throws IOException {}
}
