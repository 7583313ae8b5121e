package dev.fewtune.train;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.method.PeftForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The numbers of a tensor, outside of any graph.
 *
 * @param values row by row
 */
record Numbers(long[] shape, double[] values) {
    Numbers {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "%s numbers are none of shape %s.".formatted(values.length, Arrays.toString(shape)));
        }
    }

    /** Of a float32 or float64 entry. */
    static Numbers of(Safetensors.Entry entry) {
        ByteBuffer bytes = entry.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = entry.type().equals("F64");
        double[] values = new double[bytes.remaining() / (wide ? 8 : 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = wide ? bytes.getDouble() : bytes.getFloat();
        }
        return new Numbers(entry.shape(), values);
    }

    /** In float32. */
    Safetensors.Entry entry(String name) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(value -> bytes.putFloat((float) value));
        return new Safetensors.Entry(name, "F32", shape, bytes.flip());
    }

    /** A matrix transposed. */
    Numbers turned() {
        int rows = Math.toIntExact(shape[0]);
        int columns = Math.toIntExact(shape[1]);
        double[] turned = new double[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = values[row * columns + column];
            }
        }
        return new Numbers(new long[] {columns, rows}, turned);
    }

    /** A matrix's columns from one on. */
    Numbers columns(int from, int count) {
        int rows = Math.toIntExact(shape[0]);
        int all = Math.toIntExact(shape[1]);
        double[] cut = new double[rows * count];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values, row * all + from, cut, row * count, count);
        }
        return new Numbers(new long[] {rows, count}, cut);
    }

    /** A matrix's first rows. */
    Numbers rows(int count) {
        int width = Math.toIntExact(shape[1]);
        return new Numbers(new long[] {count, width}, Arrays.copyOf(values, count * width));
    }

    /** As it stands in a folder of PEFT. */
    Numbers there(PeftForm.Turn turn) {
        return switch (turn) {
            case SAME -> this;
            case TURNED -> turned();
            case COLUMN -> new Numbers(new long[] {values.length, 1}, values);
            case ROW -> new Numbers(new long[] {1, values.length}, values);
        };
    }

    /** As it stands here. */
    Numbers here(PeftForm.Turn turn) {
        return switch (turn) {
            case SAME -> this;
            case TURNED -> shape.length == 2 ? turned() : this;
            case COLUMN, ROW -> new Numbers(new long[] {values.length}, values);
        };
    }
}
