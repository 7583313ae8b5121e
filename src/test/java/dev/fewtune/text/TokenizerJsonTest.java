package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.CellFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonTest {
    private static final int CLS = 101;
    private static final int SEP = 102;
    private static TokenizerJson tokenizer;

    @BeforeAll
    static void open() throws IOException {
        try (InputStream in = resource()) {
            tokenizer = TokenizerJson.read("minilm", in);
        }
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void givesTheTokensOfBertUncased() {
        Tokens tokens = tokenizer.encode(List.of("Hello, world!"), null, 64).get(0);

        assertThat(tokens.ids()).containsExactly(CLS, 7592, 1010, 2088, 999, SEP);
        assertThat(tokens.types()).containsOnly(0).hasSize(6);
        assertThat(tokens.truncated()).isFalse();
    }

    @Test
    void marksTheSecondTextOfAPair() {
        Tokens tokens =
                tokenizer.encode(List.of("hello"), List.of("world world"), 64).get(0);

        assertThat(tokens.ids()).containsExactly(CLS, 7592, SEP, 2088, 2088, SEP);
        assertThat(tokens.types()).containsExactly(0, 0, 0, 1, 1, 1);
    }

    @Test
    void padsNothingAlthoughTheFileAsksForIt() {
        List<Tokens> tokens = tokenizer.encode(List.of("hello", "hello world hello"), null, 64);

        assertThat(tokens).extracting(row -> row.ids().length).containsExactly(3, 5);
    }

    @Test
    void cutsLongTextAndSaysSo() {
        List<Tokens> tokens = tokenizer.encode(List.of(words(14), words(15)), null, 16);

        assertThat(tokens).extracting(row -> row.ids().length).containsExactly(16, 16);
        assertThat(tokens).extracting(Tokens::truncated).containsExactly(false, true);
        assertThat(tokens.get(1).ids()[15]).isEqualTo(SEP);
    }

    @Test
    void keepsMoreThanTheFilesOwnLimit() {
        Tokens tokens = tokenizer.encode(List.of(words(300)), null, 256).get(0);

        assertThat(tokens.ids()).hasSize(256);
    }

    @Test
    void cutsTheLongerTextOfAPair() {
        Tokens tokens =
                tokenizer.encode(List.of(words(40)), List.of("world"), 16).get(0);

        assertThat(tokens.ids()).hasSize(16);
        assertThat(tokens.truncated()).isTrue();
        assertThat(tokens.types()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
    }

    @Test
    void encodesMoreTextsThanFitOneNativeCall() {
        List<Tokens> tokens = tokenizer.encode(Collections.nCopies(3000, "hello"), null, 16);

        assertThat(tokens).hasSize(3000).allSatisfy(row -> assertThat(row.ids()).containsExactly(CLS, 7592, SEP));
    }

    @Test
    void encodesNoTextToNoTokens() {
        assertThat(tokenizer.encode(List.of(), null, 16)).isEmpty();
        assertThat(tokenizer.encode(List.of(""), null, 16).get(0).ids()).containsExactly(CLS, SEP);
    }

    @Test
    void decodesWithAndWithoutSpecialTokens() {
        int[] ids = {CLS, 7592, 1010, 2088, 999, SEP};

        assertThat(tokenizer.decode(ids, true)).isEqualTo("hello, world!");
        assertThat(tokenizer.decode(ids, false)).isEqualTo("[CLS] hello, world! [SEP]");
        assertThat(tokenizer.decode(new int[0], false)).isEmpty();
    }

    @Test
    void knowsItsTokensByText() {
        assertThat(tokenizer.vocabularySize()).isEqualTo(30522);
        assertThat(tokenizer.tokenId("[CLS]")).hasValue(CLS);
        assertThat(tokenizer.tokenId("hello")).hasValue(7592);
        assertThat(tokenizer.tokenId("no such token")).isEmpty();
    }

    @Test
    void knowsTheTokensOfAFileWithoutAddedOnes() throws IOException {
        String json = """
                {"version": "1.0", "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 5, "?": 1}, "unk_token": "?"}}""";
        try (Tokenizer words = TokenizerJson.read("words", json)) {
            assertThat(words.vocabularySize()).isEqualTo(6);
            assertThat(words.tokenId("b")).hasValue(5);
        }
    }

    @Test
    void refusesALengthWithoutRoomForText() {
        assertThatThrownBy(() -> tokenizer.encode(List.of("hello"), null, 3))
                .hasMessage("The maximum length (3) must be at least 8 tokens.");
    }

    @Test
    void refusesPairsOfUnequalNumber() {
        assertThatThrownBy(() -> tokenizer.encode(List.of("a", "b"), List.of("c"), 16))
                .hasMessage("There are 2 first texts and 1 second texts.");
    }

    @Test
    void refusesToWorkWhenClosed() throws IOException {
        TokenizerJson closed;
        try (InputStream in = resource()) {
            closed = TokenizerJson.read("minilm", in);
        }
        closed.close();

        assertThatThrownBy(() -> closed.encode(List.of("hello"), null, 16))
                .hasMessage("The tokenizer minilm is closed.");
        assertThatThrownBy(() -> closed.decode(new int[] {CLS}, true)).hasMessage("The tokenizer minilm is closed.");
    }

    @Test
    void namesTheFileThatIsNoTokenizer(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 1}");

        assertThatThrownBy(() -> TokenizerJson.read(file))
                .isInstanceOf(CellFailure.class)
                .hasMessageStartingWith(file + " is not a tokenizer.json");
        assertThatThrownBy(() ->
                        TokenizerJson.read("empty", new ByteArrayInputStream("".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(CellFailure.class)
                .hasMessageStartingWith("empty is not a tokenizer.json");
    }

    private static String words(int count) {
        return "hello ".repeat(count);
    }

    private static InputStream resource() {
        return TokenizerJsonTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json");
    }
}
