package dev.fewtune.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        Safetensors.write(
                file,
                List.of(
                        new Safetensors.Entry("wide", "F64", new long[] {1}, doubles(0.1)),
                        new Safetensors.Entry("empty", "F32", new long[] {0, 4}, ByteBuffer.allocate(0)),
                        new Safetensors.Entry("square", "F32", new long[] {2, 2}, floats(1, 2, 3, 4))),
                Map.of("made", "by a test"));

        Safetensors read = Safetensors.open(file);
        assertThat(read.names()).containsExactly("wide", "empty", "square");
        assertThat(read.notes()).containsExactly(Map.entry("made", "by a test"));
        assertThat(read.type("wide")).isEqualTo("F64");
        assertThat(read.bytes("wide").getDouble()).isEqualTo(0.1);
        assertThat(read.shape("empty")).containsExactly(0, 4);
        assertThat(read.shape("square")).containsExactly(2, 2);
        assertThat(read.bytes("square")).isEqualTo(floats(1, 2, 3, 4));
        assertThat(folder.toFile().list()).containsExactly("model.safetensors");
    }

    @Test
    void beginsEachTensorAtAMultipleOf64Bytes() throws IOException {
        Safetensors.write(
                file,
                List.of(
                        new Safetensors.Entry("a", "F32", new long[] {1}, floats(1)),
                        new Safetensors.Entry("b", "F32", new long[] {17}, floats(new float[17])),
                        new Safetensors.Entry("c", "F32", new long[] {1}, floats(1))));
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            SafetensorsHeader header = SafetensorsHeader.read(in.getChannel(), "model.safetensors");
            assertThat(header.places().values())
                    .filteredOn(place -> place.type() == NumberType.F32)
                    .hasSize(3)
                    .allSatisfy(place -> assertThat(place.begin() % 64).isZero());
        }
    }

    @Test
    void refusesToWriteTwoTensorsOfOneName() {
        Safetensors.Entry entry = new Safetensors.Entry("a", "F32", new long[] {1}, floats(1));
        assertThatThrownBy(() -> Safetensors.write(file, List.of(entry, entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Two tensors have the name a.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void readsTensorsThatLieBeyondTwoGibibytes() throws IOException {
        long half = 3L << 29;
        String json = ("{\"low\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,%s]},"
                        + "\"high\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%s,%s]}}")
                .formatted(half / 4, half, half / 4, half, 2 * half);
        write(json, 0);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            long base = sparse.length();
            sparse.setLength(base + 2 * half);
            sparse.seek(base + 2 * half - 4);
            sparse.write(floats(42).array());
            sparse.seek(base + half);
            sparse.write(floats(7).array());
        }

        Safetensors read = Safetensors.open(file);
        assertThat(read.bytes("low").getFloat((int) half - 4)).isZero();
        assertThat(read.bytes("high").getFloat(0)).isEqualTo(7);
        assertThat(read.bytes("high").getFloat((int) half - 4)).isEqualTo(42);
    }

    @Test
    void namesATensorThatIsTooLargeToBeMapped() throws IOException {
        long length = 1L << 32;
        write("{\"giant\":{\"dtype\":\"U8\",\"shape\":[%s],\"data_offsets\":[0,%s]}}".formatted(length, length), 0);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(sparse.length() + length);
        }
        fails("The tensor giant takes 4294967296 bytes; one of more than 2147483647 is not read.");
    }

    @Test
    void saysThatAFileIsTooShortForAHeader() throws IOException {
        Files.write(file, new byte[5]);
        fails("model.safetensors is 5 bytes long and so not a safetensors file");
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "-1, 18446744073709551615", "0, 0"})
    void saysThatAHeaderIsLargerThanTheFile(long length, String told) throws IOException {
        byte[] json = "{}      ".getBytes(StandardCharsets.US_ASCII);
        Files.write(file, little(16).putLong(length).put(json).array());
        fails("model.safetensors is 16 bytes long, but its header would take %s. Maybe".formatted(told));
    }

    @Test
    void saysThatAHeaderIsNotJson() throws IOException {
        write("{\"a\":", 0);
        fails("The header of model.safetensors is not good JSON: Unexpected end-of-input");
        write("[1]", 0);
        fails("The header of model.safetensors is not a JSON object.");
    }

    @Test
    void namesATensorThatStandsTwice() throws IOException {
        write("{%s,%s}".formatted(A, A), 8);
        fails("The header of model.safetensors is not good JSON: Duplicate field 'a'.");
    }

    @Test
    void namesTensorsThatOverlap() throws IOException {
        write("{%s,\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}".formatted(A), 12);
        fails("b: begins at byte ", ", within a");
    }

    @Test
    void namesTensorsThatLieBeyondTheEnd() throws IOException {
        write("{%s}".formatted(A), 7);
        fails("a: ends at byte ", ", but the file has ", "Maybe it was not copied or downloaded to its end");
    }

    @Test
    void namesBytesThatBelongToNoTensor() throws IOException {
        write("{\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", 16);
        fails("8 bytes between the header and b belong to no tensor");
        write("{%s}".formatted(A), 20);
        fails("12 bytes after a belong to no tensor");
    }

    @Test
    void namesATensorWhoseShapeDoesNotFitItsBytes() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8);
        fails("a: F32 [3] does not take the 8 bytes of its data_offsets [0, 8]");
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0);
        fails("a: F32 [4294967296, 4294967296] does not take the 0 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}",
                "{\"shape\":[2],\"data_offsets\":[0,8]}",
                "{\"dtype\":\"F32\",\"data_offsets\":[0,8]}",
                "{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}",
                "{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}",
                "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}",
                "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}",
                "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}",
                "7"
            })
    void namesATensorThatIsNotDescribed(String description) throws IOException {
        write("{\"odd\":%s}".formatted(description), 8);
        fails("odd: not a tensor with a known dtype, a shape and two data_offsets: " + description);
    }

    @Test
    void namesATensorWhoseOffsetsRunBackwards() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8);
        fails("a: its data_offsets [8, 0] run backwards");
    }

    @Test
    void tellsTheFirstFaultsAndTheNumberOfTheOthers() throws IOException {
        StringBuilder json = new StringBuilder("{\"t0\":{\"dtype\":\"F3\"}");
        for (int i = 1; i < 20; i++) {
            json.append(",\"t%s\":{\"dtype\":\"F3\"}".formatted(i));
        }
        write(json.append("}").toString(), 0);
        fails("model.safetensors is not a whole safetensors file:\n  t0: ", "\n  t7: ", "\n  … and 12 more");
    }

    @Test
    void failsOnEveryTruncationOfAFile() throws IOException {
        Safetensors.write(file, List.of(new Safetensors.Entry("a", "F32", new long[] {4}, floats(1, 2, 3, 4))));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(MalformedFile.class);
        }
    }

    private void fails(String... parts) {
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(MalformedFile.class)
                .hasMessageContainingAll(parts);
    }

    private void write(String json, int bytes) throws IOException {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                little(8 + header.length + bytes)
                        .putLong(header.length)
                        .put(header)
                        .array());
    }

    private static ByteBuffer floats(float... values) {
        ByteBuffer bytes = little(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static ByteBuffer doubles(double... values) {
        ByteBuffer bytes = little(8 * values.length);
        bytes.asDoubleBuffer().put(values);
        return bytes;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
