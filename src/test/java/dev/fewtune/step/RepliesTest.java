package dev.fewtune.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.task.Example;
import dev.fewtune.task.Metrics;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.TokenizerJson;
import dev.fewtune.train.Aim;
import dev.fewtune.train.Answers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepliesTest {
    private static final int END = 5;
    private static final String TOKENIZER = """
        {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
         "post_processor": null, "decoder": null, "model": {"type": "WordLevel", "unk_token": "<unk>",
          "vocab": {"<unk>": 0, "2.2": 1, "good": 2, "bad": 3, "-1.5": 4, "end": 5}}}
        """;
    private static final List<int[]> WRITTEN =
            List.of(new int[] {1, END}, new int[] {2, END}, new int[] {3, 3, END}, new int[] {4}, new int[] {END});

    @Test
    void whatIsNoNumberCountsAsMinusOne() throws IOException {
        Replies replies = replies(true, false, List.of(), List.of());
        assertThat(replies.numbers(answers())).containsExactly(2.2, -1, -1, -1.5, -1);
        assertThat(replies.meaningless(answers())).isEqualTo(3);
    }

    @Test
    void onlyTheWholeWordOfAClassNamesIt() throws IOException {
        Replies replies = replies(false, false, List.of("neg", "pos"), List.of("bad", "good"));
        assertThat(replies.numbers(answers()))
                .containsExactly(Metrics.NO_CLASS, 1, Metrics.NO_CLASS, Metrics.NO_CLASS, Metrics.NO_CLASS);
        assertThat(replies.meaningless(answers())).isEqualTo(4);
    }

    @Test
    void textsAreComparedAsTheyAreWritten() throws IOException {
        Replies replies = replies(false, true, List.of(), List.of());
        List<Example> examples =
                List.of(example("2.2"), example("Good."), example("bad good"), example("x"), example("y"));
        assertThat(replies.texts(answers())).containsExactly("2.2", "good", "bad bad", "-1.5", "");
        assertThat(replies.scores(answers(), new double[5], examples))
                .containsEntry("exact-match", .4)
                .containsEntry("token-f1", .5);
        assertThat(replies.meaningless(answers())).isZero();
    }

    @ParameterizedTest
    @CsvSource({"2.25, 2.2", "2.35, 2.4", "3.8, 3.8", "5, 5.0", "-0.04, 0.0", "12345678.91, 12345678.9"})
    void numbersAreWrittenWithOneDecimal(String label, String written) {
        assertThat(asking(false, List.of()).target(example(label), List.of())).isEqualTo(written);
    }

    private static Example example(String label) {
        return new Example("1", "a text", null, label);
    }

    private static Answers answers() {
        return new Answers(new double[WRITTEN.size()][3], WRITTEN);
    }

    private static Replies replies(boolean regression, boolean texts, List<String> labels, List<String> words)
            throws IOException {
        Tokenizer tokenizer =
                TokenizerJson.read("five words", new ByteArrayInputStream(TOKENIZER.getBytes(StandardCharsets.UTF_8)));
        DatasetCard card = new DatasetCard(
                "t5",
                "hash",
                "own",
                "identity",
                "files",
                "metric",
                regression,
                labels,
                16,
                5,
                5,
                0,
                0,
                0,
                42,
                0,
                0,
                List.of(),
                asking(texts, words),
                null);
        return new Replies(card, tokenizer);
    }

    private static Asking asking(boolean texts, List<String> words) {
        return new Asking(Aim.TEXT_TO_TEXT, "{text}", List.of("text"), texts, words, List.of(), "", -1, END, 8);
    }
}
