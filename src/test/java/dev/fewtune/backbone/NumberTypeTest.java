package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.spec.KeyedRandom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.ndarray.buffer.ShortDataBuffer;
import org.tensorflow.ndarray.buffer.layout.DataLayouts;
import org.tensorflow.ndarray.buffer.layout.FloatDataLayout;

class NumberTypeTest {
    private static final int ALL = 1 << 16;

    @Test
    void readsEveryHalfAsTensorFlowDoes() {
        readsAll(NumberType.F16, DataLayouts.FLOAT16);
    }

    @Test
    void readsEveryBrainFloatAsTensorFlowDoes() {
        readsAll(NumberType.BF16, DataLayouts.BFLOAT16);
    }

    @Test
    void writesBrainFloatsRoundedToTheNearestAndHalvesToEven() {
        float[][] cases = {
            {1.0f, 1.0f},
            {Float.intBitsToFloat(0x3f808000), Float.intBitsToFloat(0x3f800000)},
            {Float.intBitsToFloat(0x3f818000), Float.intBitsToFloat(0x3f820000)},
            {Float.intBitsToFloat(0x3f808001), Float.intBitsToFloat(0x3f810000)},
            {Float.intBitsToFloat(0xbf818000), Float.intBitsToFloat(0xbf820000)},
            {Float.MAX_VALUE, Float.POSITIVE_INFINITY},
            {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY},
            {-0.0f, -0.0f},
            {Float.NaN, Float.NaN},
            {Float.intBitsToFloat(0x7f800001), Float.NaN}
        };
        for (float[] one : cases) {
            assertThat(written(one[0])).isEqualTo(Float.valueOf(one[1]));
        }
    }

    @Test
    void writesWhatABrainFloatHoldsWithoutAChange() {
        KeyedRandom random = new KeyedRandom(3, "brain floats");
        for (int i = 0; i < 10_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt(ALL) << 16);
            assertThat(written(value)).isEqualTo(Float.valueOf(value));
        }
    }

    @Test
    void roundsDoubles() {
        ByteBuffer bytes = buffer(16).putDouble(0, 0.1).putDouble(8, -1e300);
        assertThat(NumberType.F64.get(bytes, 0)).isEqualTo(0.1f);
        assertThat(NumberType.F64.get(bytes, 1)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    private static void readsAll(NumberType type, FloatDataLayout<ShortDataBuffer> layout) {
        ByteBuffer bytes = buffer(2 * ALL);
        short[] shorts = new short[ALL];
        for (int i = 0; i < ALL; i++) {
            shorts[i] = (short) i;
            bytes.putShort(2 * i, (short) i);
        }
        FloatDataBuffer expected = layout.applyTo(DataBuffers.of(shorts, true, false));
        for (int i = 0; i < ALL; i++) {
            assertThat(type.get(bytes, i)).as("bits %04x", i).isEqualTo(Float.valueOf(expected.getFloat(i)));
        }
    }

    private static float written(float value) {
        ByteBuffer bytes = buffer(2);
        NumberType.BF16.put(bytes, 0, value);
        return NumberType.BF16.get(bytes, 0);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
