package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.KeyedRandom;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class MavenEncoderTest {
    private static final int WIDTH = 384;
    private static final String[] WORDS =
            "the a river bank of cold steel sings under seven green lamps while nobody counts old maps".split(" ");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"minilm-l6, 22565376", "bge-small, 33212160", "e5-small, 33212160"})
    void agreesWithOnnxRuntimeOnFiftySentencesPaddedInBatches(String name, long parameters) throws Exception {
        MavenEncoder encoder = (MavenEncoder) Backbones.ALL.stream()
                .filter(backbone -> backbone.spec().name().equals(name))
                .findFirst()
                .orElseThrow();
        assumeTrue(encoder.isThere(), "This build has no " + name + "; one with -Pencoders has.");
        Vars<TFloat32> vars;
        try (Graph graph = new Graph();
                OrtSession onnx = OrtEnvironment.getEnvironment().createSession(resource(encoder.file(".onnx")));
                HuggingFaceTokenizer tokenizer = tokenizer(encoder)) {
            Ops tf = Ops.create(graph);
            vars = new Vars<>(tf, TFloat32.class);
            Operand<TInt32> ids = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
            Operand<TInt32> types = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
            Operand<TFloat32> mask = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
            Layers<TFloat32> layers =
                    new Layers<>(new Pass<>(tf, TFloat32.class, null), vars, new Graft<TFloat32>() {}, 0);
            Operand<TFloat32> states = encoder.hidden(layers, ids, types, mask).states();
            try (Session session = new Session(graph)) {
                vars.assign(session, new WeightFiles(folder).of(encoder), 1);
                for (List<String> batch : batches()) {
                    compare(encode(tokenizer, batch), onnx, session, ids, types, mask, states);
                }
            }
            assertThat(vars.frozen().stream().mapToLong(v -> v.size()).sum()).isEqualTo(parameters);
        }
    }

    private static void compare(
            long[][][] given,
            OrtSession onnx,
            Session session,
            Operand<TInt32> ids,
            Operand<TInt32> types,
            Operand<TFloat32> mask,
            Operand<TFloat32> states)
            throws Exception {
        int rows = given[0].length;
        int width = given[0][0].length;
        float[][][] expected;
        try (OnnxTensor a = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), given[0]);
                OnnxTensor b = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), given[1]);
                OnnxTensor c = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), new long[rows][width]);
                OrtSession.Result result = onnx.run(Map.of("input_ids", a, "attention_mask", b, "token_type_ids", c))) {
            expected = (float[][][]) result.get(0).getValue();
        }
        double[] found;
        try (Tensors open = new Tensors();
                Result result = session.runner()
                        .feed(ids, open.add(ints(given[0])))
                        .feed(types, open.add(ints(new long[rows][width])))
                        .feed(mask, open.add(floats(given[1])))
                        .fetch(states)
                        .run()) {
            found = Tensors.read(result.get(0));
        }
        for (int row = 0; row < rows; row++) {
            for (int place = 0; place < width; place++) {
                for (int i = 0; i < WIDTH && given[1][row][place] == 1; i++) {
                    assertThat(found[(row * width + place) * WIDTH + i])
                            .isCloseTo(expected[row][place][i], org.assertj.core.data.Offset.offset(1e-5));
                }
            }
        }
    }

    private static List<List<String>> batches() {
        KeyedRandom random = new KeyedRandom(1, "sentences");
        List<List<String>> batches = new ArrayList<>();
        for (int batch = 0; batch < 5; batch++) {
            List<String> sentences = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                StringBuilder text = new StringBuilder();
                int length = 1 + random.nextInt(batch * 12 + 6);
                for (int word = 0; word < length; word++) {
                    text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
                }
                sentences.add(text.toString());
            }
            batches.add(sentences);
        }
        return batches;
    }

    /** Token numbers and masks, padded to the longest. */
    private static long[][][] encode(HuggingFaceTokenizer tokenizer, List<String> sentences) {
        Encoding[] encoded = tokenizer.batchEncode(sentences);
        long[][][] given = new long[2][encoded.length][];
        for (int i = 0; i < encoded.length; i++) {
            given[0][i] = encoded[i].getIds();
            given[1][i] = encoded[i].getAttentionMask();
        }
        return given;
    }

    private static HuggingFaceTokenizer tokenizer(MavenEncoder encoder) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(encoder.tokenizerJson().getBytes(StandardCharsets.UTF_8)),
                Map.of("padding", "true", "truncation", "false"));
    }

    private static TInt32 ints(long[][] values) {
        int[] flat = java.util.Arrays.stream(values)
                .flatMapToLong(java.util.Arrays::stream)
                .mapToInt(v -> (int) v)
                .toArray();
        return TInt32.tensorOf(Shape.of(values.length, values[0].length), DataBuffers.of(flat, true, false));
    }

    private static org.tensorflow.Tensor floats(long[][] values) {
        double[] flat = java.util.Arrays.stream(values)
                .flatMapToLong(java.util.Arrays::stream)
                .asDoubleStream()
                .toArray();
        return Tensors.of(TFloat32.class, new long[] {values.length, values[0].length}, flat);
    }

    private static byte[] resource(String name) throws Exception {
        try (InputStream in = MavenEncoderTest.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
