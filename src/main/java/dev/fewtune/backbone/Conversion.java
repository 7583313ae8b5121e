package dev.fewtune.backbone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * A foreign tensor on its way into our file: turned to [in, out] and rounded to another number type where it has to be.
 * It passes through a buffer of about a megabyte.
 */
record Conversion(Piece piece, String foreign, ForeignTensors tensors, NumberType type) implements Outgoing {
    private static final int BUFFER = 1 << 20;

    @Override
    public String name() {
        return piece.name();
    }

    @Override
    public long[] shape() {
        return piece.shape();
    }

    @Override
    public void pour(WritableByteChannel out) throws IOException {
        ByteBuffer bytes = tensors.bytes(foreign).order(ByteOrder.LITTLE_ENDIAN);
        NumberType from = tensors.type(foreign);
        if (piece.turned()) {
            turn(bytes, from, out);
        } else if (from == type) {
            drain(bytes, out);
        } else {
            round(bytes, from, out);
        }
    }

    /** Reads runs of neighbours and writes them apart, within a buffer that stays in the cache. */
    private void turn(ByteBuffer bytes, NumberType from, WritableByteChannel out) throws IOException {
        int width = Math.toIntExact(piece.shape()[0]);
        int height = Math.toIntExact(piece.shape()[1]);
        int rows = Math.max(1, Math.min(width, BUFFER / (height * type.size())));
        ByteBuffer chunk = buffer(rows * height);
        for (int begin = 0; begin < width; begin += rows) {
            int count = Math.min(rows, width - begin);
            for (int row = 0; row < height; row++) {
                for (int i = 0; i < count; i++) {
                    type.put(chunk, i * height + row, from.get(bytes, row * width + begin + i));
                }
            }
            drain(chunk.clear().limit(count * height * type.size()), out);
        }
    }

    private void round(ByteBuffer bytes, NumberType from, WritableByteChannel out) throws IOException {
        int size = bytes.remaining() / from.size();
        int step = Math.min(size, BUFFER / type.size());
        ByteBuffer chunk = buffer(step);
        for (int begin = 0; begin < size; begin += step) {
            int count = Math.min(step, size - begin);
            for (int i = 0; i < count; i++) {
                type.put(chunk, i, from.get(bytes, begin + i));
            }
            drain(chunk.clear().limit(count * type.size()), out);
        }
    }

    private ByteBuffer buffer(int numbers) {
        return ByteBuffer.allocateDirect(numbers * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void drain(ByteBuffer bytes, WritableByteChannel out) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
