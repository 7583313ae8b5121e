package dev.fewtune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
    @TempDir
    private Path folder;

    @Test
    void prefersTheFormThatNeedsNoConversion() throws IOException {
        Expected.file(folder, "vocab.txt");
        assertThat(size())
                .isEqualTo(Expected.json("bert.json.gz").at("/0/vocabulary").asInt());

        Expected.file(folder, "tokenizer.model");
        assertThat(size()).isEqualTo(1200);

        Expected.file(folder, "spiece.model");
        assertThat(size()).isEqualTo(1100);

        Files.writeString(
                folder.resolve("tokenizer.json"),
                Tokenizers.bertJson("vocab.txt", Files.newInputStream(folder.resolve("vocab.txt")), true));
        assertThat(size())
                .isEqualTo(Expected.json("bert.json.gz").at("/0/vocabulary").asInt());
    }

    @Test
    void saysWhatItLookedForAndWhatItFound() throws IOException {
        failure()
                .hasMessage(folder + " has no tokenizer: looked for tokenizer.json, spiece.model, tokenizer.model and "
                        + "vocab.txt, found nothing.");

        Files.writeString(folder.resolve("vocab.json"), "{}");
        Files.writeString(folder.resolve("config.json"), "{}");
        failure().hasMessageEndingWith("found config.json, vocab.json.");
    }

    @Test
    void saysThatThereIsNoSuchFolder() {
        assertThatThrownBy(() -> Tokenizers.open(folder.resolve("absent")))
                .hasMessageStartingWith(folder.resolve("absent") + " has no tokenizer:")
                .hasMessageEndingWith("found no such folder.");
    }

    @Test
    void refusesATokenizerThatOnlyUsesTheSameFile() throws IOException {
        Expected.file(folder, "spiece.model");
        config("{\"tokenizer_class\": \"AlbertTokenizer\"}");
        failure()
                .hasMessage(
                        folder.resolve("spiece.model") + " is a Unigram model, but its tokenizer_config.json asks for "
                                + "AlbertTokenizer; Fewtune converts such a file for MT5Tokenizer, T5Tokenizer. "
                                + "Maybe Transformers can write a tokenizer.json for it (save_pretrained).");

        config("{\"tokenizer_class\": \"T5TokenizerFast\"}");
        assertThat(size()).isEqualTo(1100);
    }

    @Test
    void putsTheAddedTokensOfTheFolderBehindThePieces() throws IOException {
        Expected.file(folder, "tokenizer.model");
        config("{\"pad_token\": \"[PAD]\"}");
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<word>\": 1201, \"[PAD]\": 1200}");
        addedTokensAreRead();

        Files.delete(folder.resolve("added_tokens.json"));
        config("""
                {"added_tokens_decoder": {
                  "1": {"content": "<s>", "special": true},
                  "1201": {"content": "<word>", "special": false, "normalized": false},
                  "1200": {"content": "[PAD]", "special": true, "normalized": false}}}""");
        addedTokensAreRead();
    }

    @Test
    void refusesAddedTokensThatDoNotFitTheModel() throws IOException {
        Expected.file(folder, "tokenizer.model");
        Path file = folder.resolve("tokenizer_config.json");
        config("{\"added_tokens_decoder\": {\"1\": {\"content\": \"<begin>\"}}}");
        failure()
                .hasMessage("%s: token 1 must be <s>, as in %s, not <begin>."
                        .formatted(file, folder.resolve("tokenizer.model")));

        config("{\"added_tokens_decoder\": {\"1205\": {\"content\": \"[PAD]\"}}}");
        failure()
                .hasMessage("%s: the added token [PAD] must have the next free number of %s, 1200, not 1205."
                        .formatted(file, folder.resolve("tokenizer.model")));

        config("{\"added_tokens_decoder\": {\"1200\": {\"content\": \"<s>\"}}}");
        failure()
                .hasMessage("%s: the added token <s> is already token 1 of %s."
                        .formatted(file, folder.resolve("tokenizer.model")));

        config("{\"added_tokens_decoder\": {\"x\": {\"content\": \"[PAD]\"}}}");
        failure().hasMessageStartingWith(file + ": added_tokens_decoder must hold tokens by number, not x: {");

        config("{}");
        Path older = Files.writeString(folder.resolve("added_tokens.json"), "{\"[PAD]\": \"last\"}");
        failure().hasMessage(older + ": the number of [PAD] must be one, not \"last\".");
        Files.delete(older);

        config("{\"bos_token\": \"<start>\"}");
        failure()
                .hasMessageEndingWith("has no token <start>, which is the bos_token. "
                        + "Maybe tokenizer_config.json names another bos_token.");
    }

    @Test
    void refusesSettingsOfTheWrongType() throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        Expected.file(folder, "vocab.txt");
        config("{\"do_lower_case\": \"yes\"}");
        failure().hasMessage(file + ": do_lower_case must be true or false, not \"yes\".");
        config("[1]");
        failure().hasMessage(file + " must hold a JSON object.");
        config("{\"do_lower_case\": true,\n oops}");
        failure().hasMessageStartingWith(file + " is no JSON: line 2, column ");

        Expected.file(folder, "spiece.model");
        config("{\"extra_ids\": -1}");
        failure().hasMessage(file + ": extra_ids must be a number of tokens, not -1.");
    }

    @Test
    void namesTheFileThatIsDamaged() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.model"), "<!doctype html>");
        failure()
                .hasMessageStartingWith(
                        file + " is no sentencepiece model: its 15 bytes start with \"<!doctype html>\".");

        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        failure().hasMessageStartingWith(folder.resolve("tokenizer.json") + " is not a tokenizer.json: ");
    }

    @Test
    void refusesAFileThatIsFarTooLarge() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("tokenizer.model").toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        failure()
                .hasMessage(
                        folder.resolve("tokenizer.model") + " has 1073741824 bytes; a tokenizer has at most 67108864. "
                                + "Maybe it is another file of that name.");
    }

    private void addedTokensAreRead() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            int[] ids = tokenizer.encode(List.of("[PAD]<word>"), null, 8).get(0).ids();

            assertThat(ids).containsExactly(1, 1200, 1201);
            assertThat(tokenizer.vocabularySize()).isEqualTo(1202);
            assertThat(tokenizer.decode(ids, true)).isEqualTo("<word>");
        }
    }

    private int size() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.open(folder)) {
            return tokenizer.vocabularySize();
        }
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private AbstractThrowableAssert<?, ?> failure() {
        return assertThatThrownBy(() -> Tokenizers.open(folder))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS));
    }
}
