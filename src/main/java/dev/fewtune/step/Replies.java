package dev.fewtune.step;

import dev.fewtune.task.Example;
import dev.fewtune.task.Metrics;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Answers;
import dev.fewtune.train.Outputs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the answers of a model mean for a task. */
record Replies(DatasetCard card, Tokenizer tokenizer) {
    /** What a written text that is no number counts as, as in the code of ATTEMPT. */
    private static final double NO_NUMBER = -1;

    /** What was written, without spaces around it; empty where the model does not write. */
    List<String> texts(Answers answers) {
        return texts(answers.written());
    }

    /** What these tokens say. */
    List<String> texts(List<int[]> written) {
        return written.stream()
                .map(tokens -> tokenizer.decode(withoutEnd(tokens), true).strip())
                .toList();
    }

    /** Class numbers, {@link Metrics#NO_CLASS} for a text that names none, or values; of no meaning where labels are texts. */
    double[] numbers(Answers answers) {
        if (!card.asking().writes()) {
            return Outputs.predictions(answers.outputs(), card.regression());
        }
        return texts(answers).stream()
                .mapToDouble(text -> card.regression() ? value(text) : number(text))
                .toArray();
    }

    /** Every score that suits. */
    Map<String, Double> scores(Answers answers, double[] targets, List<Example> examples) {
        if (card.asking().texts()) {
            return Metrics.allOfTexts(
                    texts(answers), examples.stream().map(Example::label).toList());
        }
        return Metrics.all(card.regression(), card.outputs(), numbers(answers), targets);
    }

    /** How many written texts name no class, or are no number. */
    long meaningless(Answers answers) {
        if (!card.asking().writes() || card.asking().texts()) {
            return 0;
        }
        if (card.regression()) {
            return texts(answers).stream().filter(text -> !isNumber(text)).count();
        }
        return Arrays.stream(numbers(answers))
                .filter(number -> number == Metrics.NO_CLASS)
                .count();
    }

    /** An end need not be a special token to the tokenizer. */
    private int[] withoutEnd(int[] tokens) {
        int last = tokens.length - 1;
        return last >= 0 && tokens[last] == card.asking().end() ? Arrays.copyOf(tokens, last) : tokens;
    }

    private double number(String text) {
        int found = card.asking().words().indexOf(text);
        return found < 0 ? Metrics.NO_CLASS : found;
    }

    private static double value(String text) {
        return isNumber(text) ? Double.parseDouble(text) : NO_NUMBER;
    }

    private static boolean isNumber(String text) {
        return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)");
    }
}
