package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTokenizerTest {
    private static final int BEGIN = 1;
    private static final int END = 2;
    /** {@code <0x00>}: behind unknown, begin, end and the two of the fixture's own. */
    private static final int FIRST_BYTE = 5;

    @TempDir
    private static Path folder;

    private static Tokenizer tokenizer;
    private static Expected expected;
    private static List<String> texts;

    @BeforeAll
    static void open() throws IOException {
        Expected.file(folder, "tokenizer.model");
        tokenizer = Tokenizers.open(folder);
        expected = Expected.of(Expected.json("llama.json.gz"));
        texts = Expected.texts();
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void givesTheNumbersOfTransformersFor2000Texts() {
        assertThat(texts).hasSize(2000);
        expected.numbersAre(tokenizer, texts);
    }

    @Test
    void givesThePairsOfTransformers() {
        expected.pairsAre(tokenizer, texts);
    }

    @Test
    void decodesAsTransformersDoes() {
        expected.textsAre(tokenizer);
    }

    @Test
    void givesTextsWithoutSpecialTokensBackAsTheyWere() {
        List<String> plain = texts.stream()
                .filter(text -> !text.matches("(?s).*(<\\w|</s|▁).*"))
                .toList();

        assertThat(plain).hasSizeGreaterThan(1500);
        List<Tokens> tokens = tokenizer.encode(plain, null, Expected.LONG);
        for (int i = 0; i < plain.size(); i++) {
            assertThat(tokenizer.decode(tokens.get(i).ids(), true)).isEqualTo(plain.get(i));
        }
    }

    @Test
    void writesACharacterWithoutAPieceAsItsBytes() {
        assertThat(encoded("𝄞"))
                .containsExactly(
                        BEGIN,
                        tokenizer.tokenId("▁").orElseThrow(),
                        FIRST_BYTE + 0xF0,
                        FIRST_BYTE + 0x9D,
                        FIRST_BYTE + 0x84,
                        FIRST_BYTE + 0x9E);
        assertThat(tokenizer.tokenId("<0x00>")).hasValue(FIRST_BYTE);
    }

    @Test
    void keepsEverySpace() {
        assertThat(tokenizer.decode(encoded("  a    b "), true)).isEqualTo("  a    b ");
        assertThat(encoded("")).containsExactly(BEGIN);
    }

    @Test
    void putsBeginAndEndWhereTheFolderWantsThem(@TempDir Path other) throws IOException {
        Expected.file(other, "tokenizer.model");
        Files.writeString(
                other.resolve("tokenizer_config.json"), "{\"add_bos_token\": false, \"add_eos_token\": true}");
        try (Tokenizer ending = Tokenizers.open(other)) {
            int[] plain = tokenizer.encode(List.of("a b"), null, 64).get(0).ids();
            int[] ids = ending.encode(List.of("a b"), null, 64).get(0).ids();

            assertThat(ids)
                    .hasSameSizeAs(plain)
                    .startsWith(Arrays.copyOfRange(plain, 1, plain.length))
                    .endsWith(END);
        }
    }

    /** Settings that no Llama has, where sentencepiece itself is the reference. */
    @Test
    void followsTheNormalizerOfTheModelAsSentencepieceDoes() throws IOException {
        Variants variants = new Variants("tokenizer.model.gz", "llama-variants.json.gz");

        assertThat(variants.settings()).hasSize(4);
        variants.areRead(model -> LlamaJson.of(model, TokenizerConfig.none()), ids -> prepend(BEGIN, ids));
    }

    @Test
    void mergesByScoreAndNotByNumber() {
        List<Piece> pieces = List.of(
                normal("a", -9),
                normal("b", -9),
                normal("c", -9),
                normal("bc", -5),
                normal("ab", -1),
                normal("abc", -7));

        assertThat(Merges.of(pieces).stream().map(merge -> merge.left() + "+" + merge.right()))
                .containsExactly("a+b", "b+c", "ab+c", "a+bc");
    }

    @Test
    void countsAnEmojiAsOneCharacterWhenItOrdersMerges() {
        List<Piece> pieces = List.of(
                normal("😀", -9),
                normal("a", -9),
                normal("bc", -9),
                normal("d", -9),
                normal("😀a", -1),
                normal("bcd", -1));

        assertThat(Merges.of(pieces).stream().map(merge -> merge.left() + "+" + merge.right()))
                .containsExactly("bc+d", "😀+a");
    }

    private static Piece normal(String text, float score) {
        return new Piece(text, score, Piece.Type.NORMAL);
    }

    private static int[] prepend(int first, int[] ids) {
        return IntStream.concat(IntStream.of(first), Arrays.stream(ids)).toArray();
    }

    private static int[] encoded(String text) {
        return tokenizer.encode(List.of(text), null, 64).get(0).ids();
    }
}
