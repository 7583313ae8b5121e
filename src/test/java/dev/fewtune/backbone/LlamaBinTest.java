package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaBinTest {
    private static final Path TINY = ModelFolders.of("llama2c").resolve("model.bin");
    private static final Path STORIES = Path.of("../shared/data/models/stories260K/stories260K.bin");

    @TempDir
    Path folder;

    @Test
    void readsTheSameNetworkAsFromItsFolder() throws IOException {
        LlamaBin file = LlamaBin.open(TINY);
        HuggingFaceFolder same = HuggingFaceFolder.open(ModelFolders.of("llama2c"));
        assertThat(file.config()).isEqualTo(same.config());

        Safetensors found = convert(file);
        Path target = folder.resolve("folder.safetensors");
        same.convert(target, Precision.F32);
        Safetensors expected = Safetensors.open(target);
        assertThat(found.names()).containsExactlyInAnyOrderElementsOf(expected.names());
        for (String name : expected.names()) {
            assertThat(found.bytes(name)).as(name).isEqualTo(expected.bytes(name));
        }
    }

    @Test
    void readsAnOutputMatrixOfItsOwnBehindTheRotations() throws IOException {
        byte[] tied = Files.readAllBytes(TINY);
        ByteBuffer untied = ByteBuffer.allocate(tied.length + 4 * 33 * 24).order(ByteOrder.LITTLE_ENDIAN);
        untied.put(tied).putInt(5 * 4, -33);
        for (int i = 0; i < 33 * 24; i++) {
            untied.putFloat(i);
        }
        Path file = folder.resolve("untied.bin");
        Files.write(file, untied.array());

        LlamaBin read = LlamaBin.open(file);
        assertThat(read.config().tied()).isFalse();
        Safetensors found = convert(read);
        assertThat(found.shape("decoder.head.weight")).containsExactly(24, 33);
        assertThat(found.bytes("decoder.head.weight").getFloat(4 * (5 * 33 + 7)))
                .isEqualTo(7 * 24 + 5);
    }

    @Test
    void readsTheStoriesModel() throws IOException {
        assumeTrue(Files.exists(STORIES), "the stories260K model is not in ../shared/data");
        LlamaBin file = LlamaBin.open(STORIES);
        assertThat(file.config())
                .isEqualTo(new LlamaConfig(
                        "llama",
                        512,
                        64,
                        5,
                        8,
                        4,
                        8,
                        172,
                        512,
                        new Rope(10_000, new Rope.Plain()),
                        1e-5,
                        true,
                        false,
                        false,
                        1,
                        List.of(2),
                        -1));
        Safetensors found = convert(file);
        long parameters = 0;
        for (String name : found.names()) {
            parameters += Arrays.stream(found.shape(name)).reduce(1, (a, b) -> a * b);
        }
        assertThat(parameters).isEqualTo(260_032);
        assertThat(found.shape("decoder.4.key.weight")).containsExactly(64, 32);
        assertThat(found.shape("decoder.4.gate.weight")).containsExactly(64, 172);
        assertThat(found.bytes("decoder.final_norm.scale").getFloat()).isPositive();
    }

    @Test
    void saysThatAFileIsCutOffOrTooLong() throws IOException {
        byte[] whole = Files.readAllBytes(TINY);
        fails(Arrays.copyOf(whole, 20), "is 20 bytes long; its header alone takes 28.");
        fails(
                Arrays.copyOf(whole, whole.length - 4),
                "is %s bytes long; a network as its header describes it takes %s. Maybe it is cut off."
                        .formatted(whole.length - 4, whole.length));
        fails(Arrays.copyOf(whole, whole.length + 4), "takes %s".formatted(whole.length));
    }

    @Test
    void refusesAnotherVersion() throws IOException {
        fails(header(0x616b3432, 2, 0, 0, 0, 0, 0), "is in version 2 of llama2.c's format; only version 0 is read.");
    }

    @Test
    void namesAHeaderThatCannotBe() throws IOException {
        fails(header(24, 20, 2, 4, 2, 0, 16), "[24, 20, 2, 4, 2, 0, 16]. Each must lie in [1, 1048576].");
        fails(header(24, 20, -2, 4, 2, 33, 16), "Each must lie in");
        fails(header(24, 20, 2000, 4, 2, 33, 16), "The third must not be above 1024.");
        fails(header(24, 20, 2, 5, 5, 33, 16), "The first must be a multiple of the fourth.");
        fails(header(24, 20, 2, 4, 3, 33, 16), "The heads (4) of llama must be a multiple of its key-value heads (3).");
        fails(header(20, 20, 2, 4, 2, 33, 16), "The head width (5) of llama must be even, for rotary positions.");
        fails(
                header(1 << 20, 1 << 20, 1 << 10, 2, 2, 1 << 20, 1 << 20),
                "is 28 bytes long; a network as its header describes it takes 31");
    }

    private Safetensors convert(LlamaBin file) throws IOException {
        Path target = folder.resolve("converted.safetensors");
        file.convert(target, Precision.F32);
        return Safetensors.open(target);
    }

    private void fails(byte[] content, String part) throws IOException {
        Path file = folder.resolve("bad.bin");
        Files.write(file, content);
        assertThatThrownBy(() -> LlamaBin.open(file))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessageContaining(part);
    }

    private static byte[] header(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }
}
