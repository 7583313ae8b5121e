package dev.fewtune.backbone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files in the safetensors format (https://huggingface.co/docs/safetensors): 8 bytes length, a JSON header, raw
 * little-endian tensors. Each tensor begins at a multiple of 64 bytes, as TensorFlow needs to take a mapped one without
 * a copy; the gaps are covered by padding tensors of type U8, so that strict readers take the file too.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 64;
    private static final String NOTES = "__metadata__";
    private static final String GAP = "__gap_";

    private final MappedByteBuffer file;
    private final Map<String, Part> parts;
    private final Map<String, String> notes;

    /**
     * One tensor of a file that is to be written.
     *
     * @param type F32 or F64
     * @param bytes row-major, little-endian
     */
    public record Entry(String name, String type, long[] shape, ByteBuffer bytes) {}

    private record Part(String type, long[] shape, int begin, int end) {}

    private Safetensors(MappedByteBuffer file, Map<String, Part> parts, Map<String, String> notes) {
        this.file = file;
        this.parts = parts;
        this.notes = notes;
    }

    public static void write(Path target, List<Entry> entries) throws IOException {
        write(target, entries, Map.of());
    }

    /** Writes beside the target and renames, so that a half-written file never has the name. */
    public static void write(Path target, List<Entry> entries, Map<String, String> notes) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        Path draft = target.resolveSibling("%s.%s.part"
                .formatted(target.getFileName(), ProcessHandle.current().pid()));
        try {
            try (FileChannel out = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                pour(out, header(entries, notes));
                for (Entry entry : entries) {
                    pour(out, entry.bytes().duplicate());
                    pour(out, ByteBuffer.allocate(gap(entry.bytes().remaining())));
                }
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Maps a file of less than 2 GiB into memory. */
    public static Safetensors open(Path path) throws IOException {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            MappedByteBuffer file = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size());
            file.order(ByteOrder.LITTLE_ENDIAN);
            int length = Math.toIntExact(file.getLong(0));
            byte[] header = new byte[length];
            file.get(8, header);
            return parse(file, JSON.readTree(header), 8 + length);
        } catch (RuntimeException | JsonProcessingException e) {
            throw new IOException("%s is not a whole safetensors file.".formatted(path.getFileName()), e);
        }
    }

    public Iterable<String> names() {
        return parts.keySet();
    }

    /** What was noted beside the tensors. */
    public Map<String, String> notes() {
        return notes;
    }

    public boolean has(String name) {
        return parts.containsKey(name);
    }

    /** F32 or F64. */
    public String type(String name) {
        return part(name).type();
    }

    public long[] shape(String name) {
        return part(name).shape().clone();
    }

    /** The mapped bytes of a tensor, read-only and little-endian. */
    public ByteBuffer bytes(String name) {
        Part part = part(name);
        return file.slice(part.begin(), part.end() - part.begin()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Part part(String name) {
        Part part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("The file has no tensor %s.".formatted(name));
        }
        return part;
    }

    private static ByteBuffer header(List<Entry> entries, Map<String, String> notes) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!notes.isEmpty()) {
            root.set(NOTES, JSON.valueToTree(notes));
        }
        long begin = 0;
        for (Entry entry : entries) {
            long end = begin + entry.bytes().remaining();
            describe(root, entry.name(), entry.type(), entry.shape(), begin, end);
            begin = end + gap(entry.bytes().remaining());
            if (begin > end) {
                describe(root, GAP + end, "U8", new long[] {begin - end}, end, begin);
            }
        }
        byte[] json = JSON.writeValueAsBytes(root);
        int length = json.length + gap(8 + json.length);
        byte[] padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, " ".getBytes(StandardCharsets.US_ASCII)[0]);
        return ByteBuffer.allocate(8 + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(padded)
                .flip();
    }

    private static void describe(ObjectNode root, String name, String type, long[] shape, long begin, long end) {
        ObjectNode node = root.putObject(name).put("dtype", type);
        var dims = node.putArray("shape");
        Arrays.stream(shape).forEach(dims::add);
        node.putArray("data_offsets").add(begin).add(end);
    }

    private static Safetensors parse(MappedByteBuffer file, JsonNode header, int base) throws IOException {
        Map<String, Part> parts = new LinkedHashMap<>();
        Map<String, String> notes = new LinkedHashMap<>();
        for (var field : header.properties()) {
            JsonNode node = field.getValue();
            if (field.getKey().equals(NOTES)) {
                node.properties()
                        .forEach(
                                note -> notes.put(note.getKey(), note.getValue().asText()));
            } else if (!field.getKey().startsWith(GAP)) {
                parts.put(field.getKey(), part(node, base, file.capacity()));
            }
        }
        return new Safetensors(file, parts, notes);
    }

    private static Part part(JsonNode node, int base, int size) throws IOException {
        JsonNode dims = node.get("shape");
        long[] shape = new long[dims.size()];
        Arrays.setAll(shape, i -> dims.get(i).asLong());
        int begin = Math.addExact(base, node.get("data_offsets").get(0).asInt());
        int end = Math.addExact(base, node.get("data_offsets").get(1).asInt());
        if (begin < base || end < begin || end > size) {
            throw new IOException(
                    "A safetensors file of %s bytes is cut off: a tensor would end at %s.".formatted(size, end));
        }
        return new Part(node.get("dtype").asText(), shape, begin, end);
    }

    private static int gap(int length) {
        return (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    }

    private static void pour(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
