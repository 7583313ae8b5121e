package dev.fewtune.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.List;
import java.util.Map;

/** Writes folders as Transformers reads them: of a network that has learned nothing yet, and of one that has learned. */
public final class NewFolder {
    private static final String WEIGHTS = "model.safetensors";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
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
                        .setAll(JSON.<com.fasterxml.jackson.databind.node.ObjectNode>valueToTree(tokens))
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
                tensors.add(new Learned(piece, trained));
            }
        }
        SafetensorsWriter.forOthers(tensors).write(folder.resolve(WEIGHTS));
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
    private record Learned(Piece piece, Safetensors values) implements Outgoing {
        Learned {
            if (!Arrays.equals(piece.shape(), values.shape(piece.name()))) {
                throw new IllegalArgumentException("%s must be %s and is %s."
                        .formatted(
                                piece.name(),
                                Arrays.toString(piece.shape()),
                                Arrays.toString(values.shape(piece.name()))));
            }
        }

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
            ByteBuffer from = values.bytes(piece.name());
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
