package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class SentencePieceReaderTest {
    private static final int WORD = 3;
    private static final int CHAR = 4;
    private static final int TREAT_WHITESPACE_AS_SUFFIX = 24;
    private static final int BYTE_FALLBACK = 35;

    @Test
    void readsTheModelOfT5() {
        SentencePieceModel model = SentencePieceReader.read("spiece.model", Expected.bytes("spiece.model.gz"));

        assertThat(model.kind()).isEqualTo(SentencePieceModel.Kind.UNIGRAM);
        assertThat(model.size()).isEqualTo(1000);
        assertThat(model.pieces().get(0)).isEqualTo(new Piece("<pad>", 0, Piece.Type.CONTROL));
        assertThat(model.pieces().get(4)).isEqualTo(new Piece("<sep>", 0, Piece.Type.USER_DEFINED));
        assertThat(model.ids()).isEqualTo(new SentencePieceModel.Ids(2, -1, 1, 0));
        assertThat(model.byteFallback()).isFalse();
        assertThat(model.normalization().charsmap()).hasSizeGreaterThan(200_000);
        assertThat(model.normalization().dummyPrefix()).isTrue();
        assertThat(model.normalization().removeExtraSpaces()).isTrue();
    }

    @Test
    void readsTheModelOfLlama() {
        SentencePieceModel model = SentencePieceReader.read("tokenizer.model", Expected.bytes("tokenizer.model.gz"));

        assertThat(model.kind()).isEqualTo(SentencePieceModel.Kind.BPE);
        assertThat(model.size()).isEqualTo(1200);
        assertThat(model.pieces().get(5)).isEqualTo(new Piece("<0x00>", 0, Piece.Type.BYTE));
        assertThat(model.ids()).isEqualTo(new SentencePieceModel.Ids(0, 1, 2, -1));
        assertThat(model.byteFallback()).isTrue();
        assertThat(model.normalization().charsmap()).isEmpty();
        assertThat(model.normalization().removeExtraSpaces()).isFalse();
    }

    @Test
    void refusesAFileThatIsCutOffWhereverThatIs() {
        byte[] file = Expected.bytes("tokenizer.model.gz");
        int end = file.length - "\"\0".length();
        for (int length = 0; length < end; length += 7) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> SentencePieceReader.read("cut.model", cut))
                    .isInstanceOf(CellFailure.class)
                    .hasMessageContaining("cut.model");
        }
    }

    @Test
    void saysAfterHowManyPiecesAFileIsCutOff() {
        byte[] whole = new ModelBytes().piece("<unk>", 0, 2).piece("▁a", -1, 1).bytes();

        failure(Arrays.copyOf(whole, whole.length - 3))
                .hasMessage("m.model (%s bytes) is cut off or damaged after 1 pieces. ".formatted(whole.length - 3)
                        + "Maybe its download broke off: fetch it again.");
        failure(whole)
                .hasMessage("m.model ends after 2 pieces, without its trainer_spec. "
                        + "Maybe its download broke off: fetch it again.");
        failure(new ModelBytes().piece("<unk>", 0, 2).trainer(1, 0, -1, -1).bytes())
                .hasMessageStartingWith("m.model ends after 1 pieces, without its normalizer_spec.");
    }

    @Test
    void showsTheStartOfAFileThatIsNoModel() {
        failure("version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8))
                .hasMessageStartingWith(
                        "m.model is no sentencepiece model: its 43 bytes start with \"version https://git-lfs.\".");
        failure("IQ== 0\nIg== 1\n".getBytes(StandardCharsets.UTF_8))
                .hasMessageStartingWith(
                        "m.model is no sentencepiece model: its 14 bytes start with \"IQ== 0.Ig== 1.\".")
                .hasMessageContaining("Maybe it is a pointer of Git LFS, a web page, or a tiktoken file (Llama 3)");
        failure(new byte[0]).hasMessageStartingWith("m.model is no sentencepiece model: its 0 bytes start with \"\".");
    }

    @Test
    void namesAKindOfModelThatItDoesNotRead() {
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .trainer(WORD, 0, -1, -1)
                        .normalizer(true)
                        .bytes())
                .hasMessage("m.model is a sentencepiece model of the type word; "
                        + "Fewtune reads unigram (T5) and bpe (Llama).");
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .trainer(CHAR, 0, -1, -1)
                        .normalizer(true)
                        .bytes())
                .hasMessageContaining("of the type char;");
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .trainer(9, 0, -1, -1)
                        .normalizer(true)
                        .bytes())
                .hasMessageContaining("of the type number 9;");
    }

    @Test
    void namesAPieceThatIsListedTwice() {
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .piece("▁a", -1, 1)
                        .piece("▁a", -2, 1)
                        .ids(0, -1, -1)
                        .bytes())
                .hasMessage("m.model lists the piece ▁a twice, as 1 and as 2. "
                        + "Maybe pieces were added to the model by hand.");
    }

    @Test
    void refusesPiecesThatCannotBe() {
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .piece("", -1, 1)
                        .ids(0, -1, -1)
                        .bytes())
                .hasMessage("Piece 1 of m.model has no text.");
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .piece("a", Float.NaN, 1)
                        .ids(0, -1, -1)
                        .bytes())
                .hasMessage("Piece 1 (a) of m.model must have a finite score, not NaN.");
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .piece("a", 0, 7)
                        .ids(0, -1, -1)
                        .bytes())
                .hasMessage("Piece 1 (a) of m.model: There is no type of pieces with the number 7.");
    }

    @Test
    void refusesNumbersOfSpecialPiecesThatAreNone() {
        failure(new ModelBytes().piece("<unk>", 0, 2).ids(1, -1, -1).bytes())
                .hasMessage("The unk_id (1) of m.model must lie in [0, 0].");
        failure(new ModelBytes().piece("<unk>", 0, 2).ids(0, -1, 5).bytes())
                .hasMessage("The eos_id (5) of m.model must lie in [-1, 0].");
        failure(new ModelBytes().piece("a", 0, 1).ids(0, -1, -1).bytes())
                .hasMessage("The unk_id (0) of m.model is the piece a, which is of the type NORMAL.");
    }

    @Test
    void refusesSwitchesThatItCannotFollow() {
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .trainer(1, 0, -1, -1)
                        .normalizer(false)
                        .bytes())
                .hasMessageStartingWith("m.model sets escape_whitespaces to false, which no T5 or Llama model does");
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .trainerSwitch(TREAT_WHITESPACE_AS_SUFFIX, true)
                        .bytes())
                .hasMessageStartingWith("m.model sets treat_whitespace_as_suffix to true");
    }

    @Test
    void refusesToFallBackOnBytesThatAreNotThere() {
        failure(new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .ids(0, -1, -1)
                        .trainerSwitch(BYTE_FALLBACK, true)
                        .bytes())
                .hasMessage("m.model falls back on bytes, but has 0 byte pieces instead of 256.");
    }

    private static AbstractThrowableAssert<?, ?> failure(byte[] file) {
        return assertThatThrownBy(() -> SentencePieceReader.read("m.model", file))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS));
    }
}
