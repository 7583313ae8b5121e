package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.KeyedRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A BERT of 2 layers and width 16 with random weights. */
public final class TinyBert implements Backbone {
    public static final int LAYERS = 2;
    public static final int WIDTH = 16;
    public static final int INNER = 32;
    private static final Bert SHAPE =
            new Bert(new BertConfig("bert", 40, WIDTH, LAYERS, 2, INNER, 64, 2, Activation.GELU, 1e-12, 0));

    @Override
    public BackboneSpec spec() {
        return new BackboneSpec("tiny", "Tiny", "bert", "random", "none", SHAPE.parameters(), 64, WIDTH, 40, false, "");
    }

    @Override
    public String identity() {
        return "tiny";
    }

    @Override
    public void convert(Path target) throws IOException {
        List<Safetensors.Entry> entries = new ArrayList<>();
        matrix(entries, "encoder.tokens.weight", 40, WIDTH);
        matrix(entries, "encoder.positions.weight", 64, WIDTH);
        matrix(entries, "encoder.types.weight", 2, WIDTH);
        norm(entries, "encoder.embedding_norm");
        for (int layer = 0; layer < LAYERS; layer++) {
            String at = "encoder." + layer + ".";
            for (String site : List.of("query", "key", "value", "attention_output")) {
                linear(entries, at + site, WIDTH, WIDTH);
            }
            linear(entries, at + "intermediate", WIDTH, INNER);
            linear(entries, at + "output", INNER, WIDTH);
            norm(entries, at + "attention_norm");
            norm(entries, at + "output_norm");
        }
        Safetensors.write(target, entries);
    }

    @Override
    public Map<String, List<String>> foreignNames() {
        return SHAPE.config().inventory().foreignNames();
    }

    @Override
    public <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return SHAPE.hidden(layers, ids, types, mask);
    }

    private static void linear(List<Safetensors.Entry> entries, String name, int in, int out) {
        matrix(entries, name + ".weight", in, out);
        add(entries, name + ".bias", 0, 0.1, out);
    }

    private static void norm(List<Safetensors.Entry> entries, String name) {
        add(entries, name + ".scale", 1, 0.1, WIDTH);
        add(entries, name + ".bias", 0, 0.1, WIDTH);
    }

    private static void matrix(List<Safetensors.Entry> entries, String name, int in, int out) {
        add(entries, name, 0, 0.3, in, out);
    }

    private static void add(
            List<Safetensors.Entry> entries, String name, double mean, double deviation, long... shape) {
        int size = (int) java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        KeyedRandom random = new KeyedRandom(5, name);
        ByteBuffer bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            bytes.putFloat((float) (mean + deviation * random.nextGaussian()));
        }
        entries.add(new Safetensors.Entry(name, "F32", shape, bytes.flip()));
    }
}
