package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The safetensors format, float32 only: 8 bytes of header length, a JSON header, the numbers. Files written here start
 * their numbers at a multiple of 64 bytes, which lets TensorFlow use them in place.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 64;
    private static final long MAX_HEADER = 100_000_000;

    /** @param values in row-major order */
    public record Entry(long[] shape, float[] values) {}

    /** Where a tensor lies in a mapped file. */
    record Slice(long[] shape, ByteBuffer bytes) {}

    private Safetensors() {}

    /** Writes beside the target and renames, so that a file is whole or absent. */
    public static void write(Path file, Map<String, Entry> tensors, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            header.set("__metadata__", JSON.valueToTree(metadata));
        }
        long offset = 0;
        for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
            ObjectNode node = header.putObject(tensor.getKey()).put("dtype", "F32");
            node.set("shape", JSON.valueToTree(tensor.getValue().shape()));
            long end = offset + 4L * tensor.getValue().values().length;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        int padded = (8 + text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - 8;
        Path temporary = Files.createTempFile(
                file.toAbsolutePath().getParent(), file.getFileName().toString(), ".part");
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
            head.putLong(padded).put(text);
            while (head.hasRemaining()) {
                head.put((byte) ' ');
            }
            writeFully(out, head.flip());
            for (Entry tensor : tensors.values()) {
                ByteBuffer bytes =
                        ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(tensor.values());
                writeFully(out, bytes);
            }
            out.force(true);
        } catch (IOException failed) {
            Files.deleteIfExists(temporary);
            throw failed;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads a whole file.
     *
     * @throws IOException naming the file where it is not safetensors of float32
     */
    public static Map<String, Entry> read(Path file) throws IOException {
        Map<String, Entry> tensors = new LinkedHashMap<>();
        map(file).forEach((name, slice) -> {
            FloatBuffer floats = slice.bytes().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            float[] values = new float[floats.remaining()];
            floats.get(values);
            tensors.put(name, new Entry(slice.shape(), values));
        });
        return tensors;
    }

    /** The free texts in the header. */
    public static Map<String, String> metadata(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Map<String, String> texts = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field :
                    header(file, channel).node().path("__metadata__").properties()) {
                texts.put(field.getKey(), field.getValue().asText());
            }
            return texts;
        }
    }

    /** Maps a file into memory, tensor by tensor. */
    static Map<String, Slice> map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = header(file, channel);
            Map<String, Slice> slices = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : header.node().properties()) {
                if (!field.getKey().equals("__metadata__")) {
                    slices.put(field.getKey(), slice(file, channel, header.end(), field.getKey(), field.getValue()));
                }
            }
            return slices;
        }
    }

    /** @param end where the numbers start */
    private record Header(JsonNode node, long end) {}

    private static Header header(Path file, FileChannel channel) throws IOException {
        MappedByteBuffer start = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(8, channel.size()));
        long length =
                start.remaining() == 8 ? start.order(ByteOrder.LITTLE_ENDIAN).getLong() : -1;
        if (length < 2 || length > MAX_HEADER || 8 + length > channel.size()) {
            throw new IOException("%s is not a safetensors file.".formatted(file));
        }
        byte[] text = new byte[(int) length];
        channel.map(FileChannel.MapMode.READ_ONLY, 8, length).get(text);
        return new Header(JSON.readTree(new String(text, StandardCharsets.UTF_8)), 8 + length);
    }

    private static Slice slice(Path file, FileChannel channel, long start, String name, JsonNode node)
            throws IOException {
        if (!"F32".equals(node.path("dtype").asText())) {
            throw new IOException("%s: %s is %s; only F32 is read.".formatted(file, name, node.path("dtype")));
        }
        long[] shape = JSON.convertValue(node.path("shape"), long[].class);
        long from = node.path("data_offsets").path(0).asLong();
        long to = node.path("data_offsets").path(1).asLong();
        long size = 4;
        for (long extent : shape) {
            size *= extent;
        }
        if (to - from != size || start + to > channel.size()) {
            throw new IOException(
                    "%s: %s ends outside the file or has another size than its shape.".formatted(file, name));
        }
        return new Slice(shape, channel.map(FileChannel.MapMode.READ_ONLY, start + from, to - from));
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
