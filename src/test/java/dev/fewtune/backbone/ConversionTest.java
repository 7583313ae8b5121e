package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConversionTest {
    /** More than one buffer of a megabyte, and no divisor of one. */
    private static final int ROWS = 701;

    private static final int COLUMNS = 907;

    @Test
    void turnsAMatrixThatIsLargerThanItsBuffer() throws IOException {
        ByteBuffer found = converted(NumberType.F32, true);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                assertThat(found.getFloat(4 * (column * ROWS + row))).isEqualTo(row * COLUMNS + column);
            }
        }
    }

    @Test
    void roundsATableThatIsLargerThanItsBuffer() throws IOException {
        ByteBuffer found = converted(NumberType.BF16, false);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            assertThat(Math.abs(NumberType.BF16.get(found, i) - i)).isLessThanOrEqualTo(i * 0x1p-8f);
        }
    }

    @Test
    void copiesATableOfTheSameType() throws IOException {
        ByteBuffer found = converted(NumberType.F32, false);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            assertThat(found.getFloat(4 * i)).isEqualTo(i);
        }
    }

    private static ByteBuffer converted(NumberType type, boolean turned) throws IOException {
        long[] shape = turned ? new long[] {COLUMNS, ROWS} : new long[] {ROWS, COLUMNS};
        Conversion conversion = new Conversion(
                new Piece("ours", shape, List.of("foreign"), turned, ""), "foreign", new Counting(), type);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        conversion.pour(Channels.newChannel(bytes));
        assertThat(bytes.size()).isEqualTo((int) conversion.length());
        return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One float32 matrix whose elements are their own numbers. */
    private static final class Counting implements ForeignTensors {
        @Override
        public Set<String> names() {
            return Set.of("foreign");
        }

        @Override
        public NumberType type(String name) {
            return NumberType.F32;
        }

        @Override
        public long[] shape(String name) {
            return new long[] {ROWS, COLUMNS};
        }

        @Override
        public ByteBuffer bytes(String name) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * ROWS * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < ROWS * COLUMNS; i++) {
                bytes.putFloat(4 * i, i);
            }
            return bytes;
        }
    }
}
