package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.MalformedFile;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Files of torch.save and NumPy: published prompts, and programs that are not run. */
class ForeignFilesTest {
    private static final Path PUBLISHED = Path.of("../shared/data/peft_checkpoints");
    private static final Path T5 = Path.of("src/test/resources/models/t5-v1_0");

    @TempDir
    Path folder;

    @Test
    void readsThePublishedPromptAndOffsetOfDept() {
        Path sst2 = published("dept/sst2");
        PeftFolder read = PeftFolder.read(sst2);
        // Sums as PyTorch has them.
        assertSum(read.tensors().get("prompt_embeddings"), 3532.1543227814254, 60, 768);
        assertSum(read.tensors().get("prompt_encoder.lora_embedding_A"), 19.021370348897108, 256, 30);
        assertSum(read.tensors().get("prompt_encoder.lora_embedding_B"), 0.4263933187164639, 30, 768);

        PeftImport found = new PeftImport(sst2, FolderBackbone.open("tiny", T5));
        assertThat(found.method().spec().name()).isEqualTo("dept");
        assertThat(found.settings()).isEqualTo(Map.of("length", 60, "rank", 30, "alpha", 8.0, "max_length", 256));
        assertThat(entries(found, 60))
                .extracting(Safetensors.Entry::name)
                .containsExactly("encoder.tokens.prompt", "encoder.tokens.offset_left", "encoder.tokens.offset_right");
    }

    @Test
    void saysThatAPublishedOffsetWasNotSaved() {
        Path hotpotqa = published("dept/hotpotqa");
        PeftImport found = new PeftImport(hotpotqa, FolderBackbone.open("tiny", T5));
        assertThatThrownBy(() -> entries(found, 60))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("prompt_encoder.lora_embedding_A is missing");
    }

    @Test
    void readsThePublishedPromptOfAttempt() {
        PeftFolder read = PeftFolder.read(published("attempt/record_prefix_embeddings.pt"));
        assertSum(read.tensors().get("prompt_embeddings"), -193.15502051544536, 100, 768);
        assertThat(PeftImport.method(read.config()).spec().name()).isEqualTo("prompt-tuning");
    }

    @Test
    void readsThePublishedPromptsOfGoogle() {
        PeftFolder read = PeftFolder.read(published("google-prompt-tuning/t5_1_1_lm100k_base/sst2.npy"));
        assertSum(read.tensors().get("prompt_embeddings"), 27688.007074571215, 100, 768);
        assertThat(read.config().integer("num_virtual_tokens", 0)).isEqualTo(100);
    }

    @Test
    void runsNoProgramThatAPickleNames() throws IOException {
        Path file = zip("archive/data.pkl", "\u0080\u0002cos\nsystem\n(X\u0004\u0000\u0000\u0000trueq\u0000tR.");
        assertThatThrownBy(() -> TorchFile.read(file))
                .isInstanceOf(MalformedFile.class)
                .hasMessage(
                        "Its pickle asks for os.system. Only tensors are read, because anything else could run a program.");
    }

    @Test
    void saysWhyAPickleIsNotRead() throws IOException {
        assertThatThrownBy(
                        () -> TorchFile.read(zip("archive/data.pkl", "\u0080\u0002ccollections\nOrderedDict\n\u0081.")))
                .hasMessage("Its pickle has the instruction 0x81, which tensors do not need.");
        assertThatThrownBy(() -> TorchFile.read(zip("archive/data.pkl", "\u0080\u0002}")))
                .hasMessage("Its pickle breaks off or is no well-formed one.");
        assertThatThrownBy(() -> TorchFile.read(zip("archive/other", "x")))
                .hasMessage("It is a ZIP file without data.pkl.");
        Path plain = Files.writeString(folder.resolve("plain.bin"), "no zip");
        assertThatThrownBy(() -> TorchFile.read(plain)).hasMessageContaining("no file of torch.save since PyTorch 1.6");
    }

    @Test
    void saysWhyAnArrayIsNotRead() throws IOException {
        Path whole = folder.resolve("whole.npy");
        String header = "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 1), }\n";
        Files.write(
                whole,
                ("\u0093NUMPY\u0001\u0000" + (char) header.length() + "\u0000" + header)
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> NumpyFile.read(whole))
                .hasMessageStartingWith("It is no array of float32 or float64 that lies row by row: {'descr': '<i8'");
        Path none = Files.writeString(folder.resolve("none.npy"), "a text that is long enough");
        assertThatThrownBy(() -> PeftFolder.read(none))
                .isInstanceOf(CellFailure.class)
                .hasMessage(none + " cannot be read. It is no file of NumPy.");
    }

    private static List<Safetensors.Entry> entries(PeftImport found, int length) {
        try (Graph graph = new Graph()) {
            Vars<TFloat32> vars = new Vars<>(Ops.create(graph), TFloat32.class);
            vars.fresh("encoder.tokens.prompt", Share.METHOD, 1, Init.zeros(), length, 768);
            vars.fresh("encoder.tokens.offset_left", Share.METHOD, 1, Init.zeros(), 256, 30);
            vars.fresh("encoder.tokens.offset_right", Share.METHOD, 1, Init.zeros(), 30, 768);
            return found.entries(vars.trained(), List.of());
        }
    }

    private static void assertSum(Numbers numbers, double sum, long... shape) {
        assertThat(numbers.shape()).isEqualTo(shape);
        assertThat(Arrays.stream(numbers.values()).sum()).isCloseTo(sum, within(1e-6 * (1 + Math.abs(sum))));
    }

    private static Path published(String name) {
        Path path = PUBLISHED.resolve(name);
        assumeTrue(Files.exists(path), () -> "The published checkpoint %s is not on this machine.".formatted(path));
        return path;
    }

    private Path zip(String name, String content) throws IOException {
        Path file = Files.createTempFile(folder, "file", ".bin");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
            zip.closeEntry();
        }
        return file;
    }
}
