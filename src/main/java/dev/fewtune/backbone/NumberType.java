package dev.fewtune.backbone;

import java.nio.ByteBuffer;

/** A number type of the safetensors format. Buffers are little-endian. */
enum NumberType {
    F64(8) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return (float) bytes.getDouble(8 * index);
        }

        @Override
        void put(ByteBuffer bytes, int index, float value) {
            bytes.putDouble(8 * index, value);
        }
    },
    F32(4) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return bytes.getFloat(4 * index);
        }

        @Override
        void put(ByteBuffer bytes, int index, float value) {
            bytes.putFloat(4 * index, value);
        }
    },
    F16(2) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return half(bytes.getShort(2 * index));
        }
    },
    BF16(2) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return Float.intBitsToFloat(bytes.getShort(2 * index) << 16);
        }

        @Override
        void put(ByteBuffer bytes, int index, float value) {
            bytes.putShort(2 * index, brain(value));
        }
    },
    F8_E4M3(1),
    F8_E5M2(1),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U64(8),
    U32(4),
    U16(2),
    U8(1),
    BOOL(1);

    private final int size;

    NumberType(int size) {
        this.size = size;
    }

    /** Bytes of one number. */
    int size() {
        return size;
    }

    /** Whether its numbers can be read as float32; F64 is rounded. */
    boolean isFloating() {
        return ordinal() <= BF16.ordinal();
    }

    float get(ByteBuffer bytes, int index) {
        throw new UnsupportedOperationException("%s is not read as float32.".formatted(this));
    }

    /** Rounds to the nearest, and halves to the even one. */
    void put(ByteBuffer bytes, int index, float value) {
        throw new UnsupportedOperationException("%s is not written.".formatted(this));
    }

    /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /** The upper half of a float32, rounded; a NaN stays one. */
    private static short brain(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
