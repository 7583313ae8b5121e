package dev.fewtune.backbone;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C as TensorFlow stores it beside the bytes that it covers: rotated and moved (tensorflow/core/lib/hash/crc32c.h). */
final class MaskedChecksum {
    private MaskedChecksum() {}

    static int of(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return Integer.rotateRight((int) sum.getValue(), 15) + 0xa282ead8;
    }
}
