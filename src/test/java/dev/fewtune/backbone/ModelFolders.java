package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The folders that {@code src/test/reference/models.py} makes, and changed copies of them. */
final class ModelFolders {
    static final Path RESOURCES = Path.of("src/test/resources/models");
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelFolders() {}

    static Path of(String name) {
        return RESOURCES.resolve(name);
    }

    /** Copies configuration and weights; both may be changed on the way. */
    static Path copy(
            String name, Path target, Consumer<ObjectNode> config, UnaryOperator<List<Safetensors.Entry>> weights)
            throws IOException {
        Files.createDirectories(target);
        config(name, target, config);
        Safetensors.write(target.resolve("model.safetensors"), weights.apply(entries(of(name))));
        return target;
    }

    static void config(String name, Path target, Consumer<ObjectNode> change) throws IOException {
        ObjectNode root =
                (ObjectNode) JSON.readTree(of(name).resolve("config.json").toFile());
        change.accept(root);
        JSON.writeValue(target.resolve("config.json").toFile(), root);
    }

    /** All tensors of a folder with a single file. */
    static List<Safetensors.Entry> entries(Path folder) throws IOException {
        return read(folder.resolve("model.safetensors"));
    }

    static List<Safetensors.Entry> read(Path path) throws IOException {
        Safetensors file = Safetensors.open(path);
        List<Safetensors.Entry> entries = new ArrayList<>();
        for (String name : file.names()) {
            entries.add(new Safetensors.Entry(name, file.type(name), file.shape(name), file.bytes(name)));
        }
        return entries;
    }

    /** The same numbers in another type. */
    static Safetensors.Entry as(NumberType type, Safetensors.Entry entry) {
        NumberType from = NumberType.valueOf(entry.type());
        int size = entry.bytes().remaining() / from.size();
        ByteBuffer bytes = ByteBuffer.allocate(size * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            type.put(bytes, i, from.get(entry.bytes(), i));
        }
        return new Safetensors.Entry(entry.name(), type.name(), entry.shape(), bytes);
    }
}
