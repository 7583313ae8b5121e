package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.graft.Init;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes folders as Transformers reads them: of a network that has learned nothing yet, and of one that has learned. */
public final class NewFolder {
    private static final String WEIGHTS = "model.safetensors";
    static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final List<String> TOKENIZER_FILES = List.of(
            TOKENIZER,
            TOKENIZER_CONFIG,
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "spiece.model",
            "tokenizer.model",
            "generation_config.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    private NewFolder() {}

    /**
     * A network with random weights, each of which depends on nothing but the seed and its name.
     *
     * @param config the content of config.json
     * @param tokenizer the text of tokenizer.json
     * @param tokens roles such as pad_token and the tokens that have them
     * @throws CellFailure with cause YOURS where there is no such network
     */
    public static void blank(Path folder, JsonNode config, String tokenizer, Map<String, String> tokens, long seed)
            throws IOException {
        Files.createDirectories(folder);
        write(
                folder.resolve(ConfigFile.NAME),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config));
        write(folder.resolve(TOKENIZER), tokenizer);
        write(
                folder.resolve(TOKENIZER_CONFIG),
                JSON.createObjectNode()
                        .put("tokenizer_class", "PreTrainedTokenizerFast")
                        .setAll(JSON.<ObjectNode>valueToTree(tokens))
                        .toPrettyString());
        ModelConfig model = ConfigFile.read(folder);
        List<Outgoing> tensors = new ArrayList<>();
        for (Piece piece : model.inventory().pieces()) {
            tensors.add(new Blank(piece, model, seed));
        }
        SafetensorsWriter.forOthers(tensors).write(folder.resolve(WEIGHTS));
    }

    /**
     * The same network as in a folder with other weights.
     *
     * @param trained all its weights under our names, as float32
     */
    public static void trained(Path like, Safetensors trained, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String file : List.of(ConfigFile.NAME, TOKENIZER, TOKENIZER_CONFIG)) {
            if (Files.exists(like.resolve(file))) {
                write(folder.resolve(file), Files.readString(like.resolve(file)));
            }
        }
        List<Outgoing> tensors = new ArrayList<>();
        for (Piece piece : ConfigFile.read(like).inventory().pieces()) {
            if (trained.has(piece.name()) || piece.part().isEmpty()) {
                requireShape(piece, trained);
                tensors.add(new Learned(piece, trained::bytes));
            }
        }
        SafetensorsWriter.forOthers(tensors).write(folder.resolve(WEIGHTS));
    }

    /**
     * A network in other clothes.
     *
     * @param config its config.json
     * @param files besides, such as those of its tokenizer, by name
     * @param pieces of which it consists
     */
    static void dressed(Path folder, ObjectNode config, Map<String, byte[]> files, List<Piece> pieces, Outfit outfit)
            throws IOException {
        Files.createDirectories(folder);
        ObjectNode worn = config.deepCopy();
        outfit.architecture().ifPresent(name -> worn.putArray("architectures").add(name));
        outfit.fields().forEach((name, value) -> worn.set(name, JSON.valueToTree(value)));
        worn.put("dtype", "float32").put("torch_dtype", "float32");
        write(folder.resolve(ConfigFile.NAME), worn.toPrettyString());
        for (var file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        List<Outgoing> tensors = new ArrayList<>();
        for (Piece piece : pieces) {
            if (outfit.more().isEmpty() || piece.part().isEmpty()) {
                tensors.add(new Learned(piece, outfit.values()));
            }
        }
        outfit.more().forEach(entry -> tensors.add(entry.outgoing()));
        SafetensorsWriter.forOthers(tensors).write(folder.resolve(WEIGHTS));
    }

    /** The files of a folder that a tokenizer of Transformers may need. */
    static Map<String, byte[]> tokenizerFiles(Path folder) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : TOKENIZER_FILES) {
            if (Files.exists(folder.resolve(name))) {
                files.put(name, Files.readAllBytes(folder.resolve(name)));
            }
        }
        return files;
    }

    private static void requireShape(Piece piece, Safetensors values) {
        if (!Arrays.equals(piece.shape(), values.shape(piece.name()))) {
            throw new IllegalArgumentException("%s must be %s and is %s."
                    .formatted(
                            piece.name(), Arrays.toString(piece.shape()), Arrays.toString(values.shape(piece.name()))));
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    /** First values under Hugging Face's names. */
    private record Blank(Piece piece, ModelConfig model, long seed) implements Outgoing {
        @Override
        public String name() {
            return piece.foreign().get(0);
        }

        @Override
        public NumberType type() {
            return NumberType.F32;
        }

        @Override
        public long[] shape() {
            return piece.foreignShape();
        }

        @Override
        public void pour(WritableByteChannel out) throws IOException {
            ByteBuffer bytes = buffer(length());
            if (piece.name().endsWith(".weight")) {
                double deviation = model.startDeviation(piece.name());
                KeyedRandom random = new KeyedRandom(seed, piece.name());
                for (double value : Init.normal(deviation).values(shape(), random, null)) {
                    bytes.putFloat((float) value);
                }
            } else {
                float value = piece.name().endsWith(".scale") ? 1 : 0;
                while (bytes.hasRemaining()) {
                    bytes.putFloat(value);
                }
            }
            drain(bytes.flip(), out);
        }
    }

    /** Our values under Hugging Face's names, turned back. */
    private record Learned(Piece piece, Function<String, ByteBuffer> values) implements Outgoing {
        @Override
        public String name() {
            return piece.foreign().get(0);
        }

        @Override
        public NumberType type() {
            return NumberType.F32;
        }

        @Override
        public long[] shape() {
            return piece.foreignShape();
        }

        @Override
        public void pour(WritableByteChannel out) throws IOException {
            ByteBuffer from = values.apply(piece.name()).duplicate().order(ByteOrder.LITTLE_ENDIAN);
            if (!piece.turned()) {
                drain(from, out);
                return;
            }
            int in = Math.toIntExact(piece.shape()[0]);
            int width = Math.toIntExact(piece.shape()[1]);
            ByteBuffer bytes = buffer(length());
            for (int row = 0; row < width; row++) {
                for (int column = 0; column < in; column++) {
                    bytes.putFloat(from.getFloat(4 * (column * width + row)));
                }
            }
            drain(bytes.flip(), out);
        }
    }

    private static ByteBuffer buffer(long size) {
        return ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void drain(ByteBuffer bytes, WritableByteChannel out) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
