package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files one tensor at a time: our own, in which each tensor begins at a multiple of 64 bytes, and
 * those for others, without the gaps.
 */
final class SafetensorsWriter {
    static final String GAP = "__gap_";
    private static final int ALIGNMENT = 64;
    private static final int NO_GAPS = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<? extends Outgoing> tensors;
    private final Map<String, String> notes;
    private final boolean gaps;

    SafetensorsWriter(List<? extends Outgoing> tensors, Map<String, String> notes) {
        this(tensors, notes, true);
    }

    private SafetensorsWriter(List<? extends Outgoing> tensors, Map<String, String> notes, boolean gaps) {
        this.tensors = tensors;
        this.notes = notes;
        this.gaps = gaps;
    }

    /** For readers that would take a gap for a tensor of the network. */
    static SafetensorsWriter forOthers(List<? extends Outgoing> tensors) {
        return new SafetensorsWriter(tensors, Map.of("format", "pt"), false);
    }

    /** Writes beside the target, and renames what has reached the disk: a half-written file never has the name. */
    void write(Path target) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        Path draft =
                target.resolveSibling(drafts(target) + ProcessHandle.current().pid() + ".part");
        try {
            try (FileChannel out = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                pour(out);
                out.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** What the names of half-written files of a target begin with. */
    static String drafts(Path target) {
        return target.getFileName() + ".";
    }

    private void pour(FileChannel out) throws IOException {
        pour(out, header());
        for (Outgoing tensor : tensors) {
            long end = out.position() + tensor.length();
            tensor.pour(out);
            if (out.position() != end) {
                throw new IllegalStateException(
                        "%s wrote %s bytes too many.".formatted(tensor.name(), out.position() - end));
            }
            pour(out, ByteBuffer.allocate(gaps ? gap(end, ALIGNMENT) : 0));
        }
    }

    private ByteBuffer header() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!notes.isEmpty()) {
            root.set(SafetensorsHeader.NOTES, JSON.valueToTree(notes));
        }
        long begin = 0;
        for (Outgoing tensor : tensors) {
            long end = begin + tensor.length();
            describe(root, tensor.name(), tensor.type(), tensor.shape(), begin, end);
            begin = end + (gaps ? gap(end, ALIGNMENT) : 0);
            if (begin > end) {
                describe(root, GAP + end, NumberType.U8, new long[] {begin - end}, end, begin);
            }
        }
        byte[] json = JSON.writeValueAsBytes(root);
        int length = json.length + gap(8 + json.length, gaps ? ALIGNMENT : NO_GAPS);
        byte[] padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, " ".getBytes(StandardCharsets.US_ASCII)[0]);
        return ByteBuffer.allocate(8 + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(padded)
                .flip();
    }

    private static void describe(ObjectNode root, String name, NumberType type, long[] shape, long begin, long end) {
        if (root.has(name)) {
            throw new IllegalArgumentException("Two tensors have the name %s.".formatted(name));
        }
        ObjectNode node = root.putObject(name).put("dtype", type.name());
        var dims = node.putArray("shape");
        Arrays.stream(shape).forEach(dims::add);
        node.putArray("data_offsets").add(begin).add(end);
    }

    private static int gap(long end, int alignment) {
        return (int) ((alignment - end % alignment) % alignment);
    }

    private static void pour(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
