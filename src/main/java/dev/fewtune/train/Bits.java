package dev.fewtune.train;

import dev.fewtune.backbone.Safetensors;
import java.nio.ByteBuffer;

/** One bit for each number, row by row, the lowest bit of each byte first. */
final class Bits {
    static final String TYPE = "U8";

    private Bits() {}

    /** Which numbers are above a threshold. */
    static Safetensors.Entry packed(Safetensors.Entry entry, double threshold) {
        double[] values = Numbers.of(entry).values();
        byte[] bits = new byte[bytes(values.length)];
        for (int i = 0; i < values.length; i++) {
            if (values[i] > threshold) {
                bits[i / 8] |= (byte) (1 << i % 8);
            }
        }
        return new Safetensors.Entry(entry.name(), TYPE, new long[] {bits.length}, ByteBuffer.wrap(bits));
    }

    /** 1 for what was above and 0 for what was not. */
    static double[] unpacked(ByteBuffer bits, int size) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = bits.get(bits.position() + i / 8) >> i % 8 & 1;
        }
        return values;
    }

    /** That so many bits take. */
    static int bytes(int bits) {
        return (bits + 7) / 8;
    }
}
