package dev.fewtune.train;

import dev.fewtune.backbone.MalformedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Tensors in a file as torch.save writes it since PyTorch 1.6: a ZIP file with {@code data.pkl}, a pickle, and one file for
 * each storage. A pickle is a program; of its instructions only those that tensors need are carried out, and nothing is
 * ever called but the making of a tensor from a storage.
 */
final class TorchFile {
    /** The name of a tensor that stands alone. */
    static final String ALONE = "";

    private static final String TENSOR = "torch._utils _rebuild_tensor_v2";
    private static final String DICTIONARY = "collections OrderedDict";
    private static final Map<String, Integer> STORAGES = Map.of(
            "torch FloatStorage", 4, "torch DoubleStorage", 8, "torch HalfStorage", 2, "torch BFloat16Storage", 2);
    private static final Object MARK = new Object();

    private final ZipFile zip;
    private final String before;
    private final ByteBuffer program;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Integer, Object> kept = new HashMap<>();

    private record Global(String name) {}

    private record Storage(String type, byte[] bytes) {}

    private TorchFile(ZipFile zip, ZipEntry program) throws IOException {
        this.zip = zip;
        this.before = program.getName().substring(0, program.getName().length() - "data.pkl".length());
        this.program = ByteBuffer.wrap(bytes(program)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws MalformedFile where the file holds anything but tensors by their names, or one tensor */
    static Map<String, Numbers> read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry program = zip.stream()
                    .filter(entry -> entry.getName().endsWith("data.pkl"))
                    .findFirst()
                    .orElseThrow(() -> new MalformedFile("It is a ZIP file without data.pkl."));
            return new TorchFile(zip, program).tensors();
        } catch (ZipException e) {
            throw new MalformedFile("It is no file of torch.save since PyTorch 1.6: %s.".formatted(e.getMessage()));
        } catch (java.nio.BufferUnderflowException | java.util.NoSuchElementException | ClassCastException e) {
            throw new MalformedFile("Its pickle breaks off or is no well-formed one.");
        }
    }

    private Map<String, Numbers> tensors() throws IOException {
        Object value = run();
        if (value instanceof Numbers alone) {
            return Map.of(ALONE, alone);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new MalformedFile("It holds no tensors by their names.");
        }
        Map<String, Numbers> tensors = new LinkedHashMap<>();
        for (var entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name) || !(entry.getValue() instanceof Numbers numbers)) {
                throw new MalformedFile("%s in it is no tensor.".formatted(entry.getKey()));
            }
            tensors.put(name, numbers);
        }
        return tensors;
    }

    /** The instructions by their bytes, as in Python's module pickletools. */
    private Object run() throws IOException {
        while (true) {
            int code = program.get() & 0xff;
            switch (code) {
                case 0x80 -> program.get();
                case '}' -> stack.push(new LinkedHashMap<>());
                case ']' -> stack.push(new ArrayList<>());
                case ')' -> stack.push(List.of());
                case '(' -> stack.push(MARK);
                case 'K' -> stack.push(program.get() & 0xff);
                case 'M' -> stack.push(program.getShort() & 0xffff);
                case 'J' -> stack.push(program.getInt());
                case 0x88 -> stack.push(true);
                case 0x89 -> stack.push(false);
                case 'N' -> stack.push(List.of());
                case 'X' -> stack.push(text(program.getInt()));
                case 0x8c -> stack.push(text(program.get() & 0xff));
                case 'q' -> kept.put(program.get() & 0xff, stack.peek());
                case 'r' -> kept.put(program.getInt(), stack.peek());
                case 'h' -> stack.push(known(program.get() & 0xff));
                case 'j' -> stack.push(known(program.getInt()));
                case 'c' -> stack.push(global(line() + " " + line()));
                case 't' -> stack.push(sinceMark());
                case 0x85 -> stack.push(last(1));
                case 0x86 -> stack.push(last(2));
                case 0x87 -> stack.push(last(3));
                case 'Q' -> stack.push(storage((List<?>) stack.pop()));
                case 'R' -> stack.push(made((List<?>) stack.pop(), (Global) stack.pop()));
                case 's' -> put(last(2));
                case 'u' -> put(sinceMark());
                case '.' -> {
                    return stack.pop();
                }
                default ->
                    throw new MalformedFile(
                            "Its pickle has the instruction 0x%02x, which tensors do not need.".formatted(code));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void put(List<Object> pairs) {
        Map<Object, Object> map = (Map<Object, Object>) stack.element();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            map.put(pairs.get(i), pairs.get(i + 1));
        }
    }

    private static Global global(String name) throws MalformedFile {
        if (!name.equals(TENSOR) && !name.equals(DICTIONARY) && !STORAGES.containsKey(name)) {
            throw new MalformedFile(
                    "Its pickle asks for %s. Only tensors are read, because anything else could run a program."
                            .formatted(name.replace(' ', '.')));
        }
        return new Global(name);
    }

    /** ("storage", type, key, device, size). */
    private Storage storage(List<?> named) throws IOException {
        String key = (String) named.get(2);
        ZipEntry entry = zip.getEntry(before + "data/" + key);
        if (!"storage".equals(named.get(0)) || entry == null) {
            throw new MalformedFile("It lacks the storage %s.".formatted(key));
        }
        return new Storage(((Global) named.get(1)).name(), bytes(entry));
    }

    /** A dictionary of nothing, or a tensor of (storage, offset, shape, strides, ...). */
    private static Object made(List<?> given, Global what) throws MalformedFile {
        if (what.name().equals(DICTIONARY)) {
            return new LinkedHashMap<>();
        }
        if (!what.name().equals(TENSOR) || !(given.get(0) instanceof Storage storage)) {
            throw new MalformedFile("Its pickle calls %s.".formatted(what.name()));
        }
        long[] shape = ((List<?>) given.get(2))
                .stream().mapToLong(one -> ((Number) one).longValue()).toArray();
        long[] strides = ((List<?>) given.get(3))
                .stream().mapToLong(one -> ((Number) one).longValue()).toArray();
        int offset = ((Number) given.get(1)).intValue();
        long size = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] > 1 && strides[axis] != size) {
                throw new MalformedFile("A tensor in it does not lie row by row. Maybe save it after contiguous().");
            }
            size *= shape[axis];
        }
        return new Numbers(shape, numbers(storage, offset, size));
    }

    private static double[] numbers(Storage storage, int offset, long size) throws MalformedFile {
        int width = STORAGES.get(storage.type());
        if (offset < 0 || size < 0 || (offset + size) * width > storage.bytes().length) {
            throw new MalformedFile("A tensor in it is larger than its storage.");
        }
        if (width == 2) {
            throw new MalformedFile("It holds numbers of 16 bits. Maybe save it as float32.");
        }
        ByteBuffer bytes = ByteBuffer.wrap(storage.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = width == 8 ? bytes.getDouble(8 * (offset + i)) : bytes.getFloat(4 * (offset + i));
        }
        return values;
    }

    private List<Object> sinceMark() {
        List<Object> items = new ArrayList<>();
        for (Object item = stack.pop(); item != MARK; item = stack.pop()) {
            items.add(item);
        }
        Collections.reverse(items);
        return items;
    }

    private List<Object> last(int count) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(stack.pop());
        }
        Collections.reverse(items);
        return items;
    }

    private Object known(int place) throws MalformedFile {
        if (!kept.containsKey(place)) {
            throw new MalformedFile("Its pickle uses what it has not made.");
        }
        return kept.get(place);
    }

    private String text(int length) throws MalformedFile {
        if (length < 0 || length > program.remaining()) {
            throw new MalformedFile("Its pickle breaks off.");
        }
        byte[] bytes = new byte[length];
        program.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte one = program.get(); one != '\n'; one = program.get()) {
            line.write(one);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private byte[] bytes(ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
