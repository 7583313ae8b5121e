package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.CellFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallerVocabularyTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"spiece.model, </s>, 600", "vocab.txt, [SEP], 600"})
    void cutsRareWordsIntoWhatIsLeftAndReadsTheSameText(String file, String end, int size) throws IOException {
        Expected.file(folder, file);
        String json = Tokenizers.json(folder);
        List<String> texts = Expected.texts().subList(0, 300);
        try (Tokenizer whole = open(json)) {
            try (Tokenizer fewer = open(SmallerVocabulary.of(json, counts(whole, texts), size))) {
                assertThat(fewer.vocabularySize()).isLessThan(whole.vocabularySize());
                List<Tokens> before = whole.encode(texts, null, 10_000);
                List<Tokens> after = fewer.encode(texts, null, 10_000);
                int same = 0;
                for (int i = 0; i < texts.size(); i++) {
                    int[] ids = after.get(i).ids();
                    assertThat(ids[ids.length - 1]).isEqualTo(fewer.tokenId(end).orElseThrow());
                    same += fewer.decode(ids, true)
                                    .equals(whole.decode(before.get(i).ids(), true))
                            ? 1
                            : 0;
                }
                // Text of unknown characters need not be cut at the same places.
                assertThat(same).isGreaterThan(280);
            }
        }
    }

    @Test
    void keepsTheFrequentWordsWhole() throws IOException {
        Expected.file(folder, "spiece.model");
        String json = Tokenizers.json(folder);
        List<String> texts = Expected.texts();
        try (Tokenizer whole = open(json)) {
            long[] counts = counts(whole, texts);
            try (Tokenizer fewer = open(SmallerVocabulary.of(json, counts, 900))) {
                assertThat(fewer.tokenId("▁the")).isPresent();
                assertThat(fewer.tokenId("<extra_id_0>")).hasValue(fewer.vocabularySize() - 1);
                assertThat(fewer.tokenId("<pad>")).hasValue(0);
            }
        }
    }

    @Test
    void saysThatAnotherKindKeepsItsVocabulary() throws IOException {
        Expected.file(folder, "tokenizer.model");
        String json = Tokenizers.json(folder);
        assertThatThrownBy(() -> SmallerVocabulary.of(json, new long[1], 100))
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "The vocabulary of a BPE tokenizer cannot be made smaller; that of Unigram and WordPiece can. "
                                + "Maybe vocabulary: 0, which keeps it.");
    }

    private static long[] counts(Tokenizer tokenizer, List<String> texts) {
        long[] counts = new long[tokenizer.vocabularySize()];
        for (Tokens tokens : tokenizer.encode(texts, null, 10_000)) {
            for (int id : tokens.ids()) {
                counts[id]++;
            }
        }
        return counts;
    }

    private static Tokenizer open(String json) throws IOException {
        return TokenizerJson.read("test", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
