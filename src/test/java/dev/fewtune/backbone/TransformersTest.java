package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Vars;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The graphs compute what Transformers computes on the same weights; made by {@code src/test/reference}. */
class TransformersTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path cache;

    /** Writes a network of one family into a graph and returns what is to be compared, by its name in the fixture. */
    private interface Writer {
        List<Output> write(Layers<TFloat32> net, Text text);
    }

    /**
     * @param rows positions of the rows that are compared, by their mask in the fixture; null compares all
     */
    private record Output(String name, Operand<TFloat32> value, String rows) {}

    private record Text(Ops tf, JsonNode expected) {
        Operand<TInt32> ids(String name) {
            return tf.constant(ints(expected.get(name)));
        }

        Operand<TFloat32> mask(String name) {
            return tf.dtypes.cast(ids(name), TFloat32.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert"})
    void readsAndFillsLikeTheEncodersOfTransformers(String name) throws IOException {
        Bert bert = new Bert(
                (BertConfig) HuggingFaceFolder.open(MODELS.resolve(name)).config());
        compare(name, (net, text) -> {
            Operand<TInt32> types = text.expected().has("token_type_ids")
                    ? text.ids("token_type_ids")
                    : text.tf().zerosLike(text.ids("input_ids"));
            var hidden = bert.hidden(net, text.ids("input_ids"), types, text.mask("attention_mask"));
            return List.of(
                    new Output("hidden", hidden.states(), "attention_mask"),
                    new Output("logits", vocabulary(net, hidden, bert::vocabulary), "attention_mask"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2"})
    void continuesTextsLikeTheDecodersOfTransformers(String name) throws IOException {
        Llama llama = new Llama(
                (LlamaConfig) HuggingFaceFolder.open(MODELS.resolve(name)).config());
        compare(name, (net, text) -> {
            var hidden = llama.hidden(net, text.ids("input_ids"), null, text.mask("attention_mask"));
            return List.of(new Output("logits", vocabulary(net, hidden, llama::vocabulary), "attention_mask"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-v1_0", "t5-v1_1"})
    void readsAndWritesLikeT5OfTransformers(String name) throws IOException {
        T5 t5 = new T5((T5Config) HuggingFaceFolder.open(MODELS.resolve(name)).config());
        compare(name, (net, text) -> {
            var read = t5.encoded(net, text.ids("input_ids"), text.mask("attention_mask"));
            Operand<TInt32> ids = text.ids("decoder_input_ids");
            Operand<TFloat32> mask = text.tf().onesLike(text.tf().dtypes.cast(ids, TFloat32.class));
            var written = t5.decoded(net, ids, mask, read);
            return List.of(
                    new Output("encoder_hidden", read.states(), "attention_mask"),
                    new Output("logits", vocabulary(net, written, t5::vocabulary), null));
        });
    }

    @Test
    void countsTheWeightsOfAnEncoder() throws IOException {
        HuggingFaceFolder folder = HuggingFaceFolder.open(MODELS.resolve("bert"));
        long stored = folder.config().inventory().pieces().stream()
                .filter(piece -> piece.part().isEmpty())
                .mapToLong(piece -> java.util.Arrays.stream(piece.shape()).reduce(1, Math::multiplyExact))
                .sum();
        assertThat(new Bert((BertConfig) folder.config()).parameters()).isEqualTo(stored);
    }

    private interface Vocabulary {
        Operand<TFloat32> of(Layers<TFloat32> net, Operand<TFloat32> rows);
    }

    /** [batch, length, vocabulary] */
    private static Operand<TFloat32> vocabulary(
            Layers<TFloat32> net, Backbone.Hidden<TFloat32> hidden, Vocabulary vocabulary) {
        Ops tf = net.pass().tf();
        Operand<TInt32> shape = tf.shape(hidden.mask());
        long width = hidden.states().shape().get(2);
        Operand<TFloat32> rows = tf.reshape(hidden.states(), tf.constant(new int[] {-1, (int) width}));
        Operand<TInt32> whole = tf.concat(List.of(shape, tf.constant(new int[] {-1})), tf.constant(0));
        return tf.reshape(vocabulary.of(net, rows), whole);
    }

    private void compare(String name, Writer writer) throws IOException {
        HuggingFaceFolder folder = HuggingFaceFolder.open(MODELS.resolve(name));
        JsonNode expected = new ObjectMapper()
                .readTree(MODELS.resolve(name).resolve("expected.json").toFile());
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Vars<TFloat32> vars = new Vars<>(tf, TFloat32.class);
            Layers<TFloat32> net = new Layers<>(new Pass<>(tf, TFloat32.class, null), vars, new Graft<>() {}, 0);
            List<Output> outputs = writer.write(net, new Text(tf, expected));
            try (Session session = new Session(graph)) {
                vars.assign(session, new WeightFiles(cache).of(folder, name, Precision.F32), 1);
                for (Output output : outputs) {
                    try (Result result = session.runner().fetch(output.value()).run()) {
                        double[] found = Tensors.read(result.get(0));
                        assertThat(difference(expected, output, found))
                                .as("largest relative difference of %s of %s", output.name(), name)
                                .isLessThan(TOLERANCE);
                    }
                }
            }
        }
    }

    /** The largest difference over the rows that are compared, relative to the largest value. */
    private static double difference(JsonNode expected, Output output, double[] found) {
        double largest = 0;
        double difference = 0;
        int at = 0;
        JsonNode batches = expected.get(output.name());
        for (int example = 0; example < batches.size(); example++) {
            for (int row = 0; row < batches.get(example).size(); row++) {
                boolean seen = output.rows() == null
                        || expected.get(output.rows()).get(example).get(row).asInt() == 1;
                for (JsonNode value : batches.get(example).get(row)) {
                    largest = seen ? Math.max(largest, Math.abs(value.asDouble())) : largest;
                    difference = seen ? Math.max(difference, Math.abs(value.asDouble() - found[at])) : difference;
                    at++;
                }
            }
        }
        assertThat(at).isEqualTo(found.length);
        return difference / largest;
    }

    private static int[][] ints(JsonNode rows) {
        List<int[]> all = new ArrayList<>();
        for (JsonNode row : rows) {
            int[] values = new int[row.size()];
            java.util.Arrays.setAll(values, i -> row.get(i).asInt());
            all.add(values);
        }
        return all.toArray(int[][]::new);
    }
}
