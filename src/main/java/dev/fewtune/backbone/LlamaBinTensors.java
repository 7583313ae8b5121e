package dev.fewtune.backbone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors in a file of llama2.c, under Hugging Face's names. There the partners of a rotation are neighbours (2i,
 * 2i + 1), here they stand by halves (i, i + headWidth / 2), so that the rows of queries and keys change places.
 */
final class LlamaBinTensors implements ForeignTensors {
    private final FileChannel in;
    private final LlamaConfig config;
    private final Map<String, Slice> slices = new LinkedHashMap<>();
    private long end = LlamaBin.HEADER;

    private record Slice(long[] shape, long begin) {}

    LlamaBinTensors(FileChannel in, LlamaConfig config) {
        this.in = in;
        this.config = config;
        int width = config.width();
        add("model.embed_tokens.weight", config.vocabulary(), width);
        each("input_layernorm", width);
        each("self_attn.q_proj", config.attentionWidth(), width);
        each("self_attn.k_proj", config.keyValueWidth(), width);
        each("self_attn.v_proj", config.keyValueWidth(), width);
        each("self_attn.o_proj", width, config.attentionWidth());
        each("post_attention_layernorm", width);
        each("mlp.gate_proj", config.inner(), width);
        each("mlp.down_proj", width, config.inner());
        each("mlp.up_proj", config.inner(), width);
        add("model.norm.weight", width);
        // Cosines and sines of all positions, which are computed anew.
        end += 2L * config.positions() * (config.headWidth() / 2) * Float.BYTES;
        if (!config.tied()) {
            add("lm_head.weight", config.vocabulary(), width);
        }
    }

    /** Bytes of a whole file. */
    long end() {
        return end;
    }

    @Override
    public Set<String> names() {
        return slices.keySet();
    }

    @Override
    public NumberType type(String name) {
        return NumberType.F32;
    }

    @Override
    public long[] shape(String name) {
        return slices.get(name).shape().clone();
    }

    @Override
    public ByteBuffer bytes(String name) throws IOException {
        Slice slice = slices.get(name);
        ByteBuffer bytes = in.map(FileChannel.MapMode.READ_ONLY, slice.begin(), length(slice.shape()));
        boolean rotated = name.endsWith("q_proj.weight") || name.endsWith("k_proj.weight");
        return rotated ? halves(bytes, slice.shape()) : bytes;
    }

    private ByteBuffer halves(ByteBuffer neighbours, long[] shape) {
        int rowBytes = Math.toIntExact(shape[1]) * Float.BYTES;
        int half = config.headWidth() / 2;
        ByteBuffer halves = ByteBuffer.allocate(neighbours.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < shape[0]; row++) {
            int head = row / config.headWidth();
            int within = row % config.headWidth();
            int from = head * config.headWidth() + 2 * (within % half) + within / half;
            halves.put(neighbours.slice(from * rowBytes, rowBytes));
        }
        return halves.flip();
    }

    private void each(String name, long... shape) {
        for (int layer = 0; layer < config.layers(); layer++) {
            add("model.layers.%s.%s.weight".formatted(layer, name), shape);
        }
    }

    private void add(String name, long... shape) {
        slices.put(name, new Slice(shape, end));
        end += length(shape);
    }

    private static long length(long[] shape) {
        return Arrays.stream(shape).reduce(Float.BYTES, (a, b) -> a * b);
    }
}
