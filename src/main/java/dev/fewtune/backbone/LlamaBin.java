package dev.fewtune.backbone;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * A Llama in the first format of llama2.c (https://github.com/karpathy/llama2.c, run.c): seven int32 (dim, hidden_dim,
 * n_layers, n_heads, n_kv_heads, vocab_size, seq_len), then float32 tensors. A negative vocab_size says that the output
 * matrix is not the token table.
 */
final class LlamaBin implements Pretrained {
    static final int HEADER = 7 * Integer.BYTES;

    /** Begins the later formats, of which some are quantised. */
    private static final int VERSIONED = 0x616b3432;

    /** With these limits no length overflows, whatever the header says. */
    private static final int LARGEST = 1 << 20;

    private static final int MOST_LAYERS = 1 << 10;

    /** As run.c has them built in. */
    private static final double THETA = 10_000;

    private static final double EPSILON = 1e-5;
    private static final int BEGIN = 1;
    private static final int END = 2;

    private final Path file;
    private final LlamaConfig config;

    private LlamaBin(Path file, LlamaConfig config) {
        this.file = file;
        this.config = config;
    }

    /** @throws CellFailure with cause YOURS where the header and the length of the file do not agree */
    static LlamaBin open(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            if (in.size() < HEADER) {
                throw CellFailure.yours("%s is %s bytes long; its header alone takes %s.", file, in.size(), HEADER);
            }
            LlamaConfig config = config(file, header(in));
            long expected = new LlamaBinTensors(in, config).end();
            if (in.size() != expected) {
                throw CellFailure.yours(
                        "%s is %s bytes long; a network as its header describes it takes %s. Maybe it is cut off.",
                        file, in.size(), expected);
            }
            return new LlamaBin(file, config);
        }
    }

    @Override
    public LlamaConfig config() {
        return config;
    }

    @Override
    public String identity() throws IOException {
        return Fingerprint.of(List.of(file));
    }

    @Override
    public void convert(Path target, Precision precision) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ForeignTensors tensors = new LlamaBinTensors(in, config);
            Assembly.of(file.toString(), config.inventory(), tensors).write(target, precision);
        }
    }

    private static int[] header(FileChannel in) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && in.read(bytes, bytes.position()) >= 0) {}
        int[] header = new int[7];
        bytes.flip().asIntBuffer().get(header);
        return header;
    }

    private static LlamaConfig config(Path file, int[] header) {
        if (header[0] == VERSIONED) {
            throw CellFailure.yours(
                    "%s is in version %s of llama2.c's format; only version 0 is read.", file, header[1]);
        }
        int dim = header[0];
        int heads = header[3];
        int vocabulary = Math.abs(header[5]);
        for (int value : new int[] {dim, header[1], header[2], heads, header[4], vocabulary, header[6]}) {
            if (value < 1 || value > LARGEST) {
                throw notLlama(file, header, "Each must lie in [1, %s].".formatted(LARGEST));
            }
        }
        if (header[2] > MOST_LAYERS) {
            throw notLlama(file, header, "The third must not be above %s.".formatted(MOST_LAYERS));
        }
        if (dim % heads != 0) {
            throw notLlama(file, header, "The first must be a multiple of the fourth.");
        }
        try {
            return new LlamaConfig(
                    "llama",
                    vocabulary,
                    dim,
                    header[2],
                    heads,
                    header[4],
                    dim / heads,
                    header[1],
                    header[6],
                    new Rope(THETA, new Rope.Plain()),
                    EPSILON,
                    header[5] > 0,
                    false,
                    false,
                    BEGIN,
                    List.of(END),
                    -1);
        } catch (IllegalArgumentException e) {
            throw notLlama(file, header, e.getMessage());
        }
    }

    private static CellFailure notLlama(Path file, int[] header, String why) {
        return CellFailure.yours(
                "%s does not begin with the seven numbers of llama2.c but with %s. %s",
                file, Arrays.toString(header), why);
    }
}
