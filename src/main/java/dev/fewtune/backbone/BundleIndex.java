package dev.fewtune.backbone;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.BundleHeaderProto;

/**
 * The index of a TensorFlow checkpoint, version 2: a sorted table in the format of LevelDB (tensorflow/core/lib/io/
 * format.h, table.cc) whose values are protobufs (tensor_bundle.proto). It ends with the place of a block that lists the
 * blocks; a block is a run of entries, each of which repeats a part of the key before it.
 */
final class BundleIndex {
    private static final long MAGIC = 0xdb4775248b80fb57L;
    private static final int FOOTER = 48;

    private static final String HEADER = "";

    private final byte[] file;
    private final Map<String, byte[]> values = new LinkedHashMap<>();

    private BundleIndex(byte[] file) {
        this.file = file;
    }

    /**
     * The tensors by name.
     *
     * @throws MalformedFile where it is something else, compressed, cut off, in several data files or big-endian
     */
    static Map<String, BundleEntryProto> read(byte[] file) throws IOException {
        BundleIndex index = new BundleIndex(file);
        try {
            index.table();
            Map<String, BundleEntryProto> entries = new LinkedHashMap<>();
            requireOneFile(BundleHeaderProto.parseFrom(index.values.getOrDefault(HEADER, new byte[0])));
            for (var value : index.values.entrySet()) {
                if (!value.getKey().equals(HEADER)) {
                    entries.put(value.getKey(), BundleEntryProto.parseFrom(value.getValue()));
                }
            }
            return entries;
        } catch (InvalidProtocolBufferException | IndexOutOfBoundsException e) {
            throw new MalformedFile("The index of the checkpoint is cut off or damaged: %s".formatted(e.getMessage()));
        }
    }

    private static void requireOneFile(BundleHeaderProto header) throws MalformedFile {
        if (header.getNumShards() != 1 || header.getEndianness() != BundleHeaderProto.Endianness.LITTLE) {
            throw new MalformedFile(
                    "The checkpoint has %s data files in %s-endian order; only one, little-endian, is read."
                            .formatted(header.getNumShards(), header.getEndianness()));
        }
    }

    private void table() throws IOException {
        if (file.length < FOOTER || little(file.length - 8).getLong() != MAGIC) {
            throw new MalformedFile(
                    "The index of the checkpoint, of %s bytes, does not end as one. Maybe it is cut off."
                            .formatted(file.length));
        }
        CodedInputStream footer = CodedInputStream.newInstance(file, file.length - FOOTER, FOOTER);
        handle(footer);
        Map<String, byte[]> blocks = new LinkedHashMap<>();
        block(handle(footer), blocks);
        for (byte[] place : blocks.values()) {
            block(handle(CodedInputStream.newInstance(place)), values);
        }
    }

    /** Reads the place of a block: its begin and its length. */
    private static int[] handle(CodedInputStream in) throws IOException {
        return new int[] {Math.toIntExact(in.readRawVarint64()), Math.toIntExact(in.readRawVarint64())};
    }

    private void block(int[] place, Map<String, byte[]> into) throws IOException {
        int begin = place[0];
        int end = Math.addExact(begin, place[1]);
        int compression = file[end];
        if (compression != 0) {
            throw new MalformedFile("The index of the checkpoint is compressed (%s).".formatted(compression));
        }
        int sum = little(end + 1).getInt();
        if (sum != MaskedChecksum.of(ByteBuffer.wrap(file, begin, place[1] + 1))) {
            throw new MalformedFile("The index of the checkpoint is damaged: a checksum differs.");
        }
        int restarts = little(end - Integer.BYTES).getInt();
        int length = place[1] - Integer.BYTES * (restarts + 1);
        CodedInputStream in = CodedInputStream.newInstance(file, begin, length);
        String key = "";
        while (!in.isAtEnd()) {
            int shared = in.readRawVarint32();
            int rest = in.readRawVarint32();
            int size = in.readRawVarint32();
            key = key.substring(0, shared) + new String(in.readRawBytes(rest), StandardCharsets.ISO_8859_1);
            into.put(key, in.readRawBytes(size));
        }
    }

    private ByteBuffer little(int at) {
        return ByteBuffer.wrap(file, at, file.length - at).order(ByteOrder.LITTLE_ENDIAN);
    }
}
