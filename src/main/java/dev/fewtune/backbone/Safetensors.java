package dev.fewtune.backbone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files in the safetensors format (https://huggingface.co/docs/safetensors): 8 bytes length, a JSON header, raw
 * little-endian tensors. In those written here each tensor begins at a multiple of 64 bytes, as TensorFlow needs to take
 * a mapped one without a copy; the gaps are covered by padding tensors of type U8, so that strict readers take the file
 * too.
 */
public final class Safetensors {
    private static final long LARGEST_MAPPING = Integer.MAX_VALUE;

    private final SafetensorsHeader header;
    private final Map<String, ByteBuffer> mapped;

    /**
     * One tensor of a file that is to be written.
     *
     * @param type F32, F64 or BF16
     * @param bytes row-major, little-endian
     */
    public record Entry(String name, String type, long[] shape, ByteBuffer bytes) {
        /** Whether it holds neither NaN nor infinity. */
        public boolean isFinite() {
            NumberType number = NumberType.valueOf(type);
            ByteBuffer all = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < all.remaining() / number.size(); i++) {
                if (!Float.isFinite(number.get(all, i))) {
                    return false;
                }
            }
            return true;
        }

        Outgoing outgoing() {
            NumberType number = NumberType.valueOf(type);
            return new Outgoing() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public NumberType type() {
                    return number;
                }

                @Override
                public long[] shape() {
                    return shape;
                }

                @Override
                public void pour(WritableByteChannel out) throws IOException {
                    ByteBuffer rest = bytes.duplicate();
                    while (rest.hasRemaining()) {
                        out.write(rest);
                    }
                }
            };
        }
    }

    private Safetensors(SafetensorsHeader header, Map<String, ByteBuffer> mapped) {
        this.header = header;
        this.mapped = mapped;
    }

    public static void write(Path target, List<Entry> entries) throws IOException {
        write(target, entries, Map.of());
    }

    /** Writes beside the target and renames, so that a half-written file never has the name. */
    public static void write(Path target, List<Entry> entries, Map<String, String> notes) throws IOException {
        new SafetensorsWriter(entries.stream().map(Entry::outgoing).toList(), notes).write(target);
    }

    /** The same for other programs, which would take a gap for a tensor. */
    public static void writeForOthers(Path target, List<Entry> entries) throws IOException {
        SafetensorsWriter.forOthers(entries.stream().map(Entry::outgoing).toList())
                .write(target);
    }

    /**
     * Maps a file of any length into memory.
     *
     * @throws MalformedFile where the header does not describe the file
     */
    public static Safetensors open(Path path) throws IOException {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            SafetensorsHeader header =
                    SafetensorsHeader.read(in, path.getFileName().toString());
            return new Safetensors(header, map(in, header));
        }
    }

    /** In the order in which the tensors lie. */
    public Iterable<String> names() {
        return mapped.keySet();
    }

    /** What was noted beside the tensors. */
    public Map<String, String> notes() {
        return header.notes();
    }

    public boolean has(String name) {
        return mapped.containsKey(name);
    }

    /** Such as F32. */
    public String type(String name) {
        return numberType(name).name();
    }

    public long[] shape(String name) {
        return place(name).shape().clone();
    }

    /** The mapped bytes of a tensor, read-only and little-endian. */
    public ByteBuffer bytes(String name) {
        place(name);
        return mapped.get(name).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The values of a tensor of floating numbers, row by row.
     *
     * @throws MalformedFile where it holds other numbers
     */
    public double[] numbers(String name) throws MalformedFile {
        NumberType type = numberType(name);
        if (!type.isFloating()) {
            throw new MalformedFile("The tensor %s holds %s, which are no floating numbers.".formatted(name, type));
        }
        ByteBuffer bytes = bytes(name);
        double[] values = new double[bytes.remaining() / type.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == NumberType.F64 ? bytes.getDouble(8 * i) : type.get(bytes, i);
        }
        return values;
    }

    NumberType numberType(String name) {
        return place(name).type();
    }

    private TensorPlace place(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException("The file has no tensor %s.".formatted(name));
        }
        return header.places().get(name);
    }

    /** Java maps less than 2 GiB at once, so whole tensors are put together up to that. */
    private static Map<String, ByteBuffer> map(FileChannel in, SafetensorsHeader header) throws IOException {
        Map<String, ByteBuffer> mapped = new LinkedHashMap<>();
        List<Map.Entry<String, TensorPlace>> window = new ArrayList<>();
        for (var entry : header.places().entrySet()) {
            TensorPlace place = entry.getValue();
            if (place.length() > LARGEST_MAPPING) {
                throw new MalformedFile("The tensor %s takes %s bytes; one of more than %s is not read."
                        .formatted(entry.getKey(), place.length(), LARGEST_MAPPING));
            }
            if (!window.isEmpty() && place.end() - window.get(0).getValue().begin() > LARGEST_MAPPING) {
                map(in, window, mapped);
                window.clear();
            }
            window.add(entry);
        }
        map(in, window, mapped);
        mapped.keySet().removeIf(name -> name.startsWith(SafetensorsWriter.GAP));
        return mapped;
    }

    private static void map(FileChannel in, List<Map.Entry<String, TensorPlace>> window, Map<String, ByteBuffer> mapped)
            throws IOException {
        if (window.isEmpty()) {
            return;
        }
        long begin = window.get(0).getValue().begin();
        long end = window.get(window.size() - 1).getValue().end();
        ByteBuffer bytes = in.map(FileChannel.MapMode.READ_ONLY, begin, end - begin);
        for (var entry : window) {
            TensorPlace place = entry.getValue();
            mapped.put(entry.getKey(), bytes.slice((int) (place.begin() - begin), (int) place.length()));
        }
    }
}
