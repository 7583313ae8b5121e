package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Llama2cReaderTest {
    private static final List<String> LEADING = List.of("<unk>", "\n<s>\n", "\n</s>\n");

    /** The fixture's Llama model without its own two pieces, as llama2.c would write it. */
    @Test
    void readsTheSameTokenizerAsFromSentencepiece(@TempDir Path folder) throws Exception {
        SentencePieceModel model = SentencePieceReader.read("tokenizer.model", Expected.bytes("tokenizer.model.gz"));
        List<Piece> usual = model.pieces().stream()
                .filter(piece -> !List.of("<sep>", "<ctrl>").contains(piece.text()))
                .toList();
        Path file = Files.write(folder.resolve("tokenizer.bin"), written(usual));
        SentencePieceModel same = new SentencePieceModel(
                "model", model.kind(), usual, model.ids(), model.byteFallback(), model.normalization());

        assertThat(Tokenizers.llama2cJson(file)).isEqualTo(LlamaJson.of(same, TokenizerConfig.none()));
    }

    @Test
    void saysWhereAFileIsCutOff() {
        byte[] file = written(List.of(unknown()));

        failure(new byte[2]).hasMessageStartingWith("t.bin ends before the length of the longest piece.");
        failure(Arrays.copyOf(file, 6)).hasMessageStartingWith("t.bin ends before the score of piece 0.");
        failure(Arrays.copyOf(file, 10)).hasMessageStartingWith("t.bin ends before the length of piece 0.");
        failure(Arrays.copyOf(file, 14))
                .hasMessage("Piece 0 of t.bin has 5 bytes, but the longest of the file has 40, and 2 bytes follow. "
                        + "Maybe the file is cut off, or is no tokenizer.bin of llama2.c.");
        failure(Arrays.copyOf(file, 4)).hasMessage("t.bin has no pieces.");
    }

    @Test
    void refusesAFileOfAnotherKind() {
        failure("Once upon a time there was a tokenizer.".getBytes(StandardCharsets.UTF_8))
                .hasMessageContaining("Maybe the file is cut off, or is no tokenizer.bin of llama2.c.");
        failure(written(List.of(new Piece("<pad>", 0, Piece.Type.CONTROL))))
                .hasMessage("Piece 0 of t.bin is <pad> instead of <unk>. "
                        + "Maybe the file is no tokenizer.bin of llama2.c.");
        failure(bytes(new byte[] {(byte) 0xc3, 'a'}))
                .hasMessageStartingWith("Piece 0 of t.bin is not written in UTF-8.");
        failure(written(List.of(unknown(), control(1), control(2))))
                .hasMessage("t.bin falls back on bytes, but has 0 byte pieces instead of 256.");
    }

    private static AbstractThrowableAssert<?, ?> failure(byte[] file) {
        return assertThatThrownBy(() -> Llama2cReader.read("t.bin", file))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS));
    }

    private static Piece unknown() {
        return new Piece("<unk>", 0, Piece.Type.UNKNOWN);
    }

    private static Piece control(int id) {
        return new Piece(LEADING.get(id).strip(), 0, Piece.Type.CONTROL);
    }

    private static byte[] written(List<Piece> pieces) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(little(40));
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            boolean leading = piece.type() == Piece.Type.CONTROL
                    && id < LEADING.size()
                    && !piece.text().equals("<pad>");
            String text = leading ? LEADING.get(id) : piece.text().replace('▁', ' ');
            file.writeBytes(little(Float.floatToIntBits(piece.score())));
            file.writeBytes(bytesOf(text));
        }
        return file.toByteArray();
    }

    private static byte[] bytes(byte[] text) {
        ByteBuffer file = ByteBuffer.allocate(12 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        return file.putInt(40).putFloat(0).putInt(text.length).put(text).array();
    }

    private static byte[] bytesOf(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer entry = ByteBuffer.allocate(4 + utf8.length).order(ByteOrder.LITTLE_ENDIAN);
        return entry.putInt(utf8.length).put(utf8).array();
    }

    private static byte[] little(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }
}
