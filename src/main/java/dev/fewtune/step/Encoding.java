package dev.fewtune.step;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.task.Example;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.Tokens;
import dev.fewtune.train.Encoded;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Examples become token rows and numbers. */
final class Encoding {
    private Encoding() {}

    /**
     * Encodes a split.
     *
     * @param labels class names in order; empty for a regression and for texts
     * @throws CellFailure with cause YOURS where a label is not among them
     */
    static Encoded encode(
            Tokenizer tokenizer, List<Example> examples, List<String> labels, Asking asking, int maxLength) {
        double[] targets = asking.texts() ? new double[examples.size()] : targets(examples, labels);
        return new Encoded(
                examples.stream().map(Example::id).toList(),
                tokens(tokenizer, examples, asking, maxLength),
                targets,
                asking.writes() ? written(tokenizer, examples, labels, asking) : List.of());
    }

    /**
     * Checks that every token has its row in the token table of a backbone.
     *
     * @param tokenizer that made the tokens
     * @throws CellFailure with cause YOURS where one has none
     */
    static void requireRows(BackboneSpec backbone, Tokenizer tokenizer, Encoded split) {
        for (int i = 0; i < split.size(); i++) {
            int[] read = split.tokens().get(i).ids();
            int[] written =
                    split.written().isEmpty() ? new int[0] : split.written().get(i);
            for (int token :
                    IntStream.concat(IntStream.of(read), IntStream.of(written)).toArray()) {
                if (token >= backbone.vocabulary()) {
                    throw CellFailure.yours(
                            "%s has token %,d, but the token table of %s has %,d rows; its tokenizer knows %,d tokens. "
                                    + "Maybe the tokenizer is that of another model, or the table was not resized for added tokens.",
                            split.ids().get(i),
                            token,
                            backbone.name(),
                            backbone.vocabulary(),
                            tokenizer.vocabularySize());
                }
            }
        }
    }

    /**
     * Class numbers, or the values of a regression.
     *
     * @param labels class names in order; empty for a regression
     * @throws CellFailure with cause YOURS where a label is not among them
     */
    static double[] targets(List<Example> examples, List<String> labels) {
        return examples.stream().mapToDouble(example -> target(example, labels)).toArray();
    }

    static int truncated(Encoded split) {
        return (int) split.tokens().stream().filter(Tokens::truncated).count();
    }

    private static List<Tokens> tokens(Tokenizer tokenizer, List<Example> examples, Asking asking, int maxLength) {
        if (!asking.template().isEmpty()) {
            return new Filling(tokenizer, asking, maxLength).tokens(examples);
        }
        boolean pairs = !examples.isEmpty() && examples.get(0).second() != null;
        return tokenizer.encode(
                examples.stream().map(Example::first).toList(),
                pairs ? examples.stream().map(Example::second).toList() : null,
                maxLength);
    }

    private static List<int[]> written(
            Tokenizer tokenizer, List<Example> examples, List<String> labels, Asking asking) {
        return examples.stream()
                .map(example -> ended(tokenizer.bare(asking.target(example, labels)), asking))
                .toList();
    }

    /** Cut where it is too long; the end stays. */
    private static int[] ended(int[] tokens, Asking asking) {
        if (asking.end() < 0) {
            return Arrays.copyOf(tokens, Math.min(tokens.length, asking.longest()));
        }
        int length = Math.min(tokens.length, asking.longest() - 1);
        int[] ended = Arrays.copyOf(tokens, length + 1);
        ended[length] = asking.end();
        return ended;
    }

    private static double target(Example example, List<String> labels) {
        if (labels.isEmpty()) {
            return Double.parseDouble(example.label());
        }
        int number = labels.indexOf(example.label());
        if (number < 0) {
            throw CellFailure.yours(
                    "%s has the label '%s', which train does not have. Known labels: %s.",
                    example.id(), example.label(), String.join(", ", labels));
        }
        return number;
    }
}
