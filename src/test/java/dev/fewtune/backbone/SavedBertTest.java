package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;

class SavedBertTest {
    private static final String INDEX = "variables/variables.index";
    private static final String DATA = "variables/variables.data-00000-of-00001";

    @TempDir
    Path folder;

    private final Map<String, byte[]> parts = new LinkedHashMap<>();

    /** The BERT of the folders, as TensorFlow itself writes its variables. */
    @BeforeEach
    void save() throws IOException {
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        ModelFolders.entries(ModelFolders.of("bert"))
                .forEach(entry -> tensors.put(tensorFlowName(entry.name()), entry));
        write(folder.resolve("variables"), tensors);
        parts.put("assets/vocab.txt", "[PAD]\n[UNK]\nthé\n".getBytes(StandardCharsets.UTF_8));
        parts.put(DATA, Files.readAllBytes(folder.resolve("variables.data-00000-of-00001")));
        parts.put(INDEX, Files.readAllBytes(folder.resolve("variables.index")));
    }

    @Test
    void readsTheSameNetworkAsFromItsFolder() throws IOException {
        Path target = folder.resolve("folder.safetensors");
        HuggingFaceFolder.open(ModelFolders.of("bert")).convert(target, Precision.F32);
        Safetensors expected = Safetensors.open(target);
        Safetensors found = convert();
        assertThat(found.names()).containsExactlyInAnyOrderElementsOf(expected.names());
        for (String name : expected.names()) {
            assertThat(found.shape(name)).as(name).containsExactly(expected.shape(name));
            assertThat(found.bytes(name)).as(name).isEqualTo(expected.bytes(name));
        }
    }

    @Test
    void readsAnIndexOfSeveralBlocks() throws IOException {
        Safetensors.Entry one = ModelFolders.entries(ModelFolders.of("bert")).get(0);
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        KeyedRandom random = new KeyedRandom(4, "names");
        for (int i = 0; i < 1500; i++) {
            StringBuilder name = new StringBuilder();
            for (int letter = 0; letter < 250; letter++) {
                name.append((char) ('a' + random.nextInt(26)));
            }
            tensors.put(name.toString(), one);
        }
        write(folder.resolve("many"), tensors);
        byte[] index = Files.readAllBytes(folder.resolve("many.index"));
        assertThat(index).as("more than a block of 256 KiB").hasSizeGreaterThan(1 << 18);
        assertThat(BundleIndex.read(index).keySet()).isEqualTo(tensors.keySet());
    }

    @Test
    void readsTheVocabulary() throws IOException {
        assertThat(bert().vocabulary()).containsExactly("[PAD]", "[UNK]", "thé");
    }

    @Test
    void saysThatDataAreDamagedOrCutOff() {
        byte[] data = parts.get(DATA);
        parts.put(DATA, Arrays.copyOf(data, data.length - 1));
        fails("The data of the checkpoint are cut off within or before ");
        byte[] damaged = data.clone();
        damaged[data.length / 2] ^= 1;
        parts.put(DATA, damaged);
        fails("The data of the checkpoint are damaged: the checksum of ");
    }

    @Test
    void saysThatAPartIsMissing() {
        parts.remove(INDEX);
        fails("tiny has no variables/variables.index.");
    }

    @Test
    void failsOnEveryTruncationOfTheIndex() {
        byte[] index = parts.get(INDEX);
        for (int length = 0; length < index.length; length++) {
            byte[] cut = Arrays.copyOf(index, length);
            assertThatThrownBy(() -> BundleIndex.read(cut)).isInstanceOf(MalformedFile.class);
        }
    }

    @Test
    void noticesEveryChangedByteOfTheIndexThatMatters() throws IOException {
        byte[] index = parts.get(INDEX);
        Map<String, ?> whole = BundleIndex.read(index);
        assertThat(whole).hasSize(42);
        for (int i = 0; i < index.length; i++) {
            byte[] changed = index.clone();
            changed[i] ^= 0x55;
            try {
                assertThat(BundleIndex.read(changed)).as("byte %s", i).isEqualTo(whole);
            } catch (MalformedFile expected) {
                assertThat(expected).hasMessageStartingWith("The index of the checkpoint");
            }
        }
    }

    @Test
    void saysHowToBuildWithBertBase() {
        assumeTrue(!SavedBert.baseIsThere(), "this build has BERT-base");
        assertThatThrownBy(() -> SavedBert.base().convert(folder.resolve("base"), Precision.F32))
                .isInstanceOf(CellFailure.class)
                .hasMessage("This build is without BERT-base. Maybe build it with -Pbert-base (408 MB).");
    }

    @Test
    void readsBertBase() throws IOException {
        assumeTrue(SavedBert.baseIsThere(), "this build is without BERT-base (profile bert-base)");
        SavedBert base = SavedBert.base();
        assertThat(base.vocabulary()).hasSize(30_522).contains("paris");
        Path target = folder.resolve("base.safetensors");
        base.convert(target, Precision.F32);
        Safetensors found = Safetensors.open(target);
        long parameters = 0;
        for (String name : found.names()) {
            parameters += Arrays.stream(found.shape(name)).reduce(1, (a, b) -> a * b);
        }
        // Without the pooler (590,592): 108,891,648, and 768 x 768 + 3 x 768 + 30,522 for the head.
        assertThat(parameters).isEqualTo(108_891_648 + 622_650);
        assertThat(found.shape("encoder.11.intermediate.weight")).containsExactly(768, 3072);
    }

    private SavedBert bert() {
        BertConfig config = new BertConfig("bert", 41, 12, 2, 3, 20, 18, 2, Activation.GELU, 1e-12, 0);
        return new SavedBert(config, "tiny", () -> new ByteArrayInputStream(zip()));
    }

    private Safetensors convert() throws IOException {
        Path target = folder.resolve("converted.safetensors");
        bert().convert(target, Precision.F32);
        return Safetensors.open(target);
    }

    private void fails(String message) {
        assertThatThrownBy(this::convert).isInstanceOf(MalformedFile.class).hasMessageStartingWith(message);
        assertThat(folder.toFile().list()).noneMatch(name -> name.startsWith("converted"));
    }

    private static void write(Path prefix, Map<String, Safetensors.Entry> entries) {
        try (EagerSession session = EagerSession.create()) {
            Ops tf = Ops.create(session);
            List<Operand<?>> tensors = new ArrayList<>();
            entries.forEach((name, entry) -> tensors.add(tensor(tf, entry, name.endsWith("/kernel"))));
            String[] names = entries.keySet().toArray(String[]::new);
            String[] slices = new String[names.length];
            Arrays.fill(slices, "");
            tf.train.save(
                    tf.constant(prefix.toString()),
                    tf.constant(NdArrays.vectorOfObjects(names)),
                    tf.constant(NdArrays.vectorOfObjects(slices)),
                    tensors);
        }
    }

    private byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (var part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static String tensorFlowName(String name) {
        boolean norm = name.contains("LayerNorm");
        return "module/"
                + name.replace("cls.predictions.bias", "cls.predictions.output_bias")
                        .replace("_embeddings.weight", "_embeddings")
                        .replaceFirst("weight$", norm ? "gamma" : "kernel")
                        .replaceFirst("\\.bias$", norm ? ".beta" : ".bias")
                        .replace("layer.", "layer_")
                        .replace('.', '/');
    }

    private static Operand<?> tensor(Ops tf, Safetensors.Entry entry, boolean turned) {
        float[] values = new float[entry.bytes().remaining() / 4];
        entry.bytes().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        Operand<?> tensor = tf.constant(Shape.of(entry.shape()), DataBuffers.of(values, true, false));
        return turned ? tf.linalg.transpose(tensor, tf.constant(new int[] {1, 0})) : tensor;
    }
}
