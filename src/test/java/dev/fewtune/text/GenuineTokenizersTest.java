package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers as their makers published them, where they are beside the checkout; they are not part of it. */
class GenuineTokenizersTest {
    private static final Path SHARED = Path.of("../shared/data");
    private static final Path T5 = SHARED.resolve("tokenizers/t5");
    private static final Path BERT = SHARED.resolve("tokenizers/bert/bert-base-uncased-vocab.txt");
    private static final Path STORIES = SHARED.resolve("models/stories260K");

    @Test
    void readsTheModelOfT5AsItsOwnTokenizerJsonDoes(@TempDir Path folder) throws IOException {
        assumeTrue(Files.exists(T5.resolve("spiece.model")), "T5's spiece.model is not in ../shared/data");
        Files.copy(T5.resolve("spiece.model"), folder.resolve("spiece.model"));
        Files.copy(T5.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
        List<String> texts = Expected.texts();

        try (Tokenizer published = TokenizerJson.read(T5.resolve("tokenizer.json"));
                Tokenizer converted = Tokenizers.open(folder)) {
            Expected.same(texts, ids(published, texts), ids(converted, texts));
            for (int[] row : ids(published, texts)) {
                assertThat(converted.decode(row, true)).isEqualTo(published.decode(row, true));
                assertThat(converted.decode(row, false)).isEqualTo(published.decode(row, false));
            }
            assertThat(converted.vocabularySize()).isEqualTo(32100).isEqualTo(published.vocabularySize());
            assertThat(converted.tokenId("<extra_id_99>")).hasValue(32000);
            assertThat(converted.tokenId("<extra_id_0>")).hasValue(32099);
        }
    }

    @Test
    void readsTheVocabularyOfBertAsMiniLmsTokenizerJsonDoes() throws IOException {
        assumeTrue(Files.exists(BERT), "BERT's vocab.txt is not in ../shared/data");
        List<String> texts = Expected.texts();

        try (InputStream minilm = getClass().getResourceAsStream("/all-minilm-l6-v2-tokenizer.json");
                InputStream vocabulary = Files.newInputStream(BERT);
                Tokenizer published = TokenizerJson.read("minilm", minilm);
                Tokenizer converted =
                        TokenizerJson.read("bert", Tokenizers.bertJson(BERT.toString(), vocabulary, true))) {
            Expected.same(texts, ids(published, texts), ids(converted, texts));
            assertThat(converted.tokenId("[MASK]")).hasValue(103);
        }
    }

    @Test
    void readsTheTokenizerOfStories260KAsLlama2cDoes() throws IOException {
        Path file = STORIES.resolve("tok512.bin");
        assumeTrue(Files.exists(file), "the tok512.bin of stories260K is not in ../shared/data");
        SentencePieceModel model = Llama2cReader.read(file.toString(), Files.readAllBytes(file));
        Greedy llama2c = new Greedy(model);
        List<String> texts = Expected.texts().stream()
                .filter(text -> !text.matches("(?s).*(<s>|</s>|<unk>|▁).*"))
                .toList();

        assertThat(texts).hasSizeGreaterThan(1800);
        try (Tokenizer converted = TokenizerJson.read("tok512", Tokenizers.llama2cJson(file))) {
            assertThat(converted.vocabularySize()).isEqualTo(512);
            Expected.same(texts, texts.stream().map(llama2c::ids).toList(), ids(converted, texts));
        }
    }

    @Test
    void givesTheStoryOfStories260KBack() throws IOException {
        Path file = STORIES.resolve("tok512.bin");
        assumeTrue(Files.exists(file), "the tok512.bin of stories260K is not in ../shared/data");
        String story = Files.readString(STORIES.resolve("stories260K.md"));

        try (Tokenizer converted = TokenizerJson.read("tok512", Tokenizers.llama2cJson(file))) {
            int[] ids = ids(converted, List.of(story)).get(0);
            assertThat(converted.decode(ids, true)).isEqualTo(story);
            assertThat(ids(converted, List.of("Once upon a time")).get(0)).containsExactly(1, 403, 407, 261, 378);
        }
    }

    private static List<int[]> ids(Tokenizer tokenizer, List<String> texts) {
        return tokenizer.encode(texts, null, Expected.LONG).stream()
                .map(Tokens::ids)
                .toList();
    }

    /**
     * What llama2.c does: characters (or their bytes), then again and again the neighbours whose joined text has the
     * best score, the leftmost of equals.
     */
    private record Greedy(SentencePieceModel model, Map<String, Integer> numbers) {
        Greedy(SentencePieceModel model) {
            this(model, new HashMap<>());
            for (int id = 0; id < model.size(); id++) {
                numbers.put(model.text(id), id);
            }
        }

        int[] ids(String text) {
            List<Integer> ids = new ArrayList<>();
            String marked = text.isEmpty() ? "" : ("▁" + text).replace(' ', '▁');
            marked.codePoints().forEach(point -> ids.addAll(ofCharacter(Character.toString(point))));
            for (int best = best(ids); best >= 0; best = best(ids)) {
                ids.set(best, joined(ids, best));
                ids.remove(best + 1);
            }
            ids.add(0, model.ids().begin());
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }

        private List<Integer> ofCharacter(String character) {
            if (numbers.containsKey(character)) {
                return List.of(numbers.get(character));
            }
            List<Integer> bytes = new ArrayList<>();
            for (byte one : character.getBytes(StandardCharsets.UTF_8)) {
                bytes.add(3 + (one & 0xff));
            }
            return bytes;
        }

        private int best(List<Integer> ids) {
            int best = -1;
            float score = Float.NEGATIVE_INFINITY;
            for (int i = 0; i + 1 < ids.size(); i++) {
                Integer joined = joined(ids, i);
                if (joined != null && model.pieces().get(joined).score() > score) {
                    score = model.pieces().get(joined).score();
                    best = i;
                }
            }
            return best;
        }

        private Integer joined(List<Integer> ids, int i) {
            return numbers.get(model.text(ids.get(i)) + model.text(ids.get(i + 1)));
        }
    }
}
