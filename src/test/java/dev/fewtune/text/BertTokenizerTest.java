package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertTokenizerTest {
    private static final List<String> NEEDED = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    @Test
    void givesWhatTransformersGivesForEachSetting(@TempDir Path folder) throws IOException {
        Expected.file(folder, "vocab.txt");
        JsonNode settings = Expected.json("bert.json.gz");

        assertThat(settings).hasSize(3);
        for (JsonNode one : settings) {
            Files.writeString(
                    folder.resolve("tokenizer_config.json"), one.get("settings").toString());
            Expected expected = Expected.of(one);
            List<String> texts = Expected.texts().subList(0, expected.ids().size());
            try (Tokenizer tokenizer = Tokenizers.open(folder)) {
                expected.numbersAre(tokenizer, texts);
                expected.pairsAre(tokenizer, texts);
                expected.textsAre(tokenizer);
                assertThat(tokenizer.vocabularySize()).isEqualTo(expected.vocabulary());
            }
        }
    }

    /** The vocabulary of MiniLM is that of bert-base-uncased, in a tokenizer.json that others wrote. */
    @Test
    void givesTheNumbersOfATokenizerJsonWithTheSameVocabulary() throws IOException {
        byte[] json;
        try (InputStream in = BertTokenizerTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            json = in.readAllBytes();
        }
        List<String> texts = Expected.texts();
        String vocabulary = lines(new ObjectMapper().readTree(json).at("/model/vocab"));

        try (Tokenizer written = TokenizerJson.read("minilm", new ByteArrayInputStream(json));
                Tokenizer converted = TokenizerJson.read("vocab.txt", bert(vocabulary, true))) {
            Expected.same(texts, ids(written, texts), ids(converted, texts));
            assertThat(converted.vocabularySize()).isEqualTo(30522).isEqualTo(written.vocabularySize());
            for (int[] row : ids(written, texts)) {
                assertThat(converted.decode(row, true)).isEqualTo(written.decode(row, true));
            }
        }
    }

    @Test
    void keepsCapitalsOnlyWhereTheModelIsACasedOne() throws IOException {
        String vocabulary = String.join("\n", NEEDED) + "\nAda\nada\n";
        try (Tokenizer cased = TokenizerJson.read("cased", bert(vocabulary, false));
                Tokenizer uncased = TokenizerJson.read("uncased", bert(vocabulary, true))) {
            assertThat(ids(cased, List.of("Ada")).get(0)).containsExactly(2, 5, 3);
            assertThat(ids(uncased, List.of("Ada")).get(0)).containsExactly(2, 6, 3);
            assertThat(ids(uncased, List.of("[MASK]ada")).get(0)).containsExactly(2, 4, 6, 3);
        }
    }

    @Test
    void readsLinesOfWindowsAndBlankOnesAtTheEnd() throws IOException {
        assertThat(bert(String.join("\r\n", NEEDED) + "\r\n\r\n\r\n", true))
                .isEqualTo(bert(String.join("\n", NEEDED), true));
    }

    @Test
    void namesTheTokenThatIsMissing() {
        failure("a\nb\n")
                .hasMessage("vocab.txt has no token [CLS], which is the cls_token. "
                        + "Maybe tokenizer_config.json names another cls_token.");
        failure("[CLS]\n[SEP]\n").hasMessageStartingWith("vocab.txt has no token [UNK], which is the unk_token.");
        failure("").hasMessageStartingWith("vocab.txt has no token [CLS]");
    }

    @Test
    void namesTheLinesOfATokenThatIsListedTwice() {
        failure("[UNK]\na\nb\na\n").hasMessage("vocab.txt:4: the token \"a\" stands already in line 2.");
    }

    @Test
    void namesTheLineThatIsNotWrittenInUtf8() {
        failure("[UNK]\nn\u00e4he\n".getBytes(StandardCharsets.ISO_8859_1))
                .hasMessage("vocab.txt:2: the line is not written in UTF-8.");
    }

    private static AbstractThrowableAssert<?, ?> failure(String vocabulary) {
        return failure(vocabulary.getBytes(StandardCharsets.UTF_8));
    }

    private static AbstractThrowableAssert<?, ?> failure(byte[] vocabulary) {
        return assertThatThrownBy(() -> Tokenizers.bertJson("vocab.txt", new ByteArrayInputStream(vocabulary), true))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS));
    }

    private static String bert(String vocabulary, boolean lowerCase) throws IOException {
        return Tokenizers.bertJson(
                "vocab.txt", new ByteArrayInputStream(vocabulary.getBytes(StandardCharsets.UTF_8)), lowerCase);
    }

    private static String lines(JsonNode vocabulary) {
        return vocabulary.properties().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().asInt()))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining("\n"));
    }

    private static List<int[]> ids(Tokenizer tokenizer, List<String> texts) {
        return tokenizer.encode(texts, null, Expected.LONG).stream()
                .map(Tokens::ids)
                .toList();
    }
}
