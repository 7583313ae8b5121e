package dev.fewtune.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fewtune.task.Example;
import dev.fewtune.task.Metrics;
import dev.fewtune.train.Answers;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** One JSON line per example. */
final class PredictionFile {
    private static final ObjectWriter WRITER = Json.MAPPER
            .writerFor(Line.class)
            .without(SerializationFeature.INDENT_OUTPUT)
            .withRootValueSeparator("\n");

    /** Of the outputs of a model that writes: the logarithm of the likelihood of the right text, and its tokens. */
    private static final int OF_A_TEXT = 2;

    /**
     * @param id stable
     * @param label the right answer
     * @param answer the given one: a label, a number, or the text where none of them was written
     * @param correct whether it is the right one (texts but for case, punctuation and articles); absent for a regression
     * @param written the text as it was written; absent where the model does not write
     * @param outputs scores of the classes, or the value of a regression; where texts are written, the logarithm of the
     *     likelihood of the right text and its number of tokens
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(String id, String label, String answer, Boolean correct, String written, double[] outputs) {}

    private PredictionFile() {}

    static void write(Path file, List<Example> examples, Replies replies, Answers answers) throws IOException {
        double[] numbers = replies.numbers(answers);
        List<String> texts = replies.texts(answers);
        try (BufferedWriter out = Files.newBufferedWriter(file);
                SequenceWriter lines = WRITER.writeValues(out)) {
            for (int i = 0; i < examples.size(); i++) {
                String written = texts.isEmpty() ? null : texts.get(i);
                lines.write(line(examples.get(i), replies.card(), numbers[i], written, answers.outputs()[i]));
            }
        }
    }

    private static Line line(Example example, DatasetCard card, double number, String written, double[] outputs) {
        String answer = answer(card, number, written);
        return new Line(
                example.id(),
                example.label(),
                answer,
                correct(example, card, answer),
                written,
                written == null ? outputs : Arrays.copyOf(outputs, OF_A_TEXT));
    }

    private static String answer(DatasetCard card, double number, String written) {
        if (card.regression()) {
            return String.valueOf(number);
        }
        return card.asking().texts() || number == Metrics.NO_CLASS
                ? written
                : card.labels().get((int) number);
    }

    private static Boolean correct(Example example, DatasetCard card, String answer) {
        if (card.regression()) {
            return null;
        }
        return card.asking().texts()
                ? Metrics.ofTexts("exact-match", List.of(answer), List.of(example.label())) == 1
                : answer.equals(example.label());
    }
}
