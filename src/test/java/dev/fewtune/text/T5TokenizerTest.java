package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.CellFailure;
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

class T5TokenizerTest {
    private static final int END = 1;

    @TempDir
    private static Path folder;

    private static Tokenizer tokenizer;
    private static Expected expected;
    private static List<String> texts;

    @BeforeAll
    static void open() throws IOException {
        Expected.file(folder, "spiece.model");
        tokenizer = Tokenizers.open(folder);
        expected = Expected.of(Expected.json("t5.json.gz"));
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
    void putsTheSentinelsLastAndTheFirstOfThemAtTheEnd() {
        assertThat(tokenizer.vocabularySize()).isEqualTo(1100).isEqualTo(expected.vocabulary());
        assertThat(tokenizer.tokenId("<extra_id_99>")).hasValue(1000);
        assertThat(tokenizer.tokenId("<extra_id_0>")).hasValue(1099);
        assertThat(encoded("<extra_id_1><extra_id_0>")).containsExactly(1098, 1099, END);
    }

    @Test
    void countsTheSentinelsThatTheFolderAsksFor(@TempDir Path other) throws IOException {
        Expected.file(other, "spiece.model");
        Files.writeString(other.resolve("tokenizer_config.json"), "{\"extra_ids\": 2}");
        try (Tokenizer two = Tokenizers.open(other)) {
            assertThat(two.vocabularySize()).isEqualTo(1002);
            assertThat(two.tokenId("<extra_id_1>")).hasValue(1000);
            assertThat(two.tokenId("<extra_id_2>")).isEmpty();
        }
    }

    @Test
    void endsEveryTextAndAlsoNoText() {
        assertThat(encoded("")).containsExactly(END);
        assertThat(encoded("  \n ")).containsExactly(END);
    }

    @Test
    void keepsTheEndOfATextThatIsCut() {
        Tokens cut = tokenizer.encode(List.of("the book ".repeat(40)), null, 12).get(0);

        assertThat(cut.truncated()).isTrue();
        assertThat(cut.ids()).hasSize(12).endsWith(END);
    }

    @Test
    void leavesOutNumbersWithoutATokenWhenDecoding() {
        int book = tokenizer.tokenId("▁book").orElseThrow();

        assertThat(tokenizer.decode(new int[] {book, 1127, -100, END}, true)).isEqualTo("book");
    }

    @Test
    void survivesHalfACharacter() {
        assertThat(encoded("a \ud83d b")).isEqualTo(encoded("a b"));
    }

    /** Settings that no T5 has, where sentencepiece itself is the reference. */
    @Test
    void followsTheNormalizerOfTheModelAsSentencepieceDoes() throws IOException {
        Variants variants = new Variants("spiece.model.gz", "t5-variants.json.gz");

        assertThat(variants.settings()).hasSize(4);
        variants.areRead(model -> T5Json.of(model, TokenizerConfig.none()), ids -> append(ids, END));
    }

    @Test
    void refusesAUnigramModelWithoutAnEnd(@TempDir Path other) throws IOException {
        Path file = Files.write(
                other.resolve("spiece.model"),
                new ModelBytes()
                        .piece("<unk>", 0, 2)
                        .piece("▁a", -1, 1)
                        .ids(0, -1, -1)
                        .bytes());

        assertThatThrownBy(() -> Tokenizers.open(other))
                .isInstanceOf(CellFailure.class)
                .hasMessage(file + " has no end piece (eos_id -1), with which T5 ends every text. "
                        + "Maybe it is not a model of T5.");
    }

    private static int[] append(int[] ids, int last) {
        return IntStream.concat(Arrays.stream(ids), IntStream.of(last)).toArray();
    }

    private static int[] encoded(String text) {
        return tokenizer.encode(List.of(text), null, 64).get(0).ids();
    }
}
