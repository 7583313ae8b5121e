package dev.fewtune.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.Tokenizers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    private static final String WORDS = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\nd\n";

    @TempDir
    Path folder;

    @Test
    void readsAllTextsOfAFolderInTheOrderOfTheirNamesAndHoldsSomeOut() throws IOException {
        Files.writeString(folder.resolve("2.txt"), "c d\n".repeat(300));
        Files.writeString(folder.resolve("1.txt"), "a b\n\na a\n".repeat(300));
        Files.writeString(folder.resolve("notes.md"), "d d d d");
        Corpus corpus = read(4);
        assertThat(corpus.tokens()).isEqualTo(1800);
        assertThat(corpus.size() + corpus.heldOut()).isEqualTo(450);
        assertThat(corpus.heldOut()).isBetween(2, 20);
        assertThat(corpus.block(0)).containsExactly(5, 6, 5, 5);
        assertThat(corpus.block(corpus.size() - 1)).containsExactly(7, 8, 7, 8);
    }

    @Test
    void aBlockIsEitherLearnedFromOrHeldOut() {
        Corpus corpus = new Corpus(IntStream.range(0, 5000).toArray(), 10);
        Set<Integer> begins = new HashSet<>();
        IntStream.range(0, corpus.size()).forEach(i -> begins.add(corpus.block(i)[0]));
        IntStream.range(0, corpus.heldOut())
                .forEach(i -> assertThat(begins.add(corpus.heldOut(i)[0])).isTrue());
        assertThat(begins).hasSize(500);
    }

    @Test
    void saysThatAFolderHasNoText() {
        assertThatThrownBy(() -> read(4))
                .isInstanceOf(CellFailure.class)
                .hasMessage("The folder %s has no file whose name ends with .txt.", folder);
    }

    @Test
    void saysThatThereIsNoFolder() {
        Path nowhere = folder.resolve("nowhere");
        assertThatThrownBy(() -> Corpus.read(nowhere, tokenizer(), List.of(), 4, Progress.SILENT))
                .isInstanceOf(CellFailure.class)
                .hasMessage("There is no folder %s.", nowhere);
    }

    @Test
    void namesTheFileThatIsNotUtf8() throws IOException {
        Files.write(folder.resolve("bad.txt"), new byte[] {'a', (byte) 0xE9, 'b', '\n'});
        assertThatThrownBy(() -> read(4))
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "%s is not UTF-8. Maybe convert it, or take it out of the folder.", folder.resolve("bad.txt"));
    }

    @Test
    void saysHowManyTokensAreTooFew() throws IOException {
        Files.writeString(folder.resolve("short.txt"), "a b c d a\n");
        assertThatThrownBy(() -> read(4))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining("have 5 tokens, 1 blocks of 4, of which one in 50 is held out: too few.");
    }

    @Test
    void knowsHowSurprisingAWordIsFromItsCount() {
        Unigram unigram = new Unigram(new long[] {3, 1, 0, 0});
        assertThat(unigram.surprise(new int[] {0, 3, Noised.NOTHING}))
                .isCloseTo(-Math.log(4 / 8.0) - Math.log(1 / 8.0), within(1e-12));
    }

    private Corpus read(int block) throws IOException {
        try (Tokenizer tokenizer = tokenizer()) {
            return Corpus.read(folder, tokenizer, List.of(2, 3), block, Progress.SILENT);
        }
    }

    private static Tokenizer tokenizer() throws IOException {
        String json =
                Tokenizers.bertJson("words", new ByteArrayInputStream(WORDS.getBytes(StandardCharsets.UTF_8)), true);
        return dev.fewtune.text.TokenizerJson.read(
                "words", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
