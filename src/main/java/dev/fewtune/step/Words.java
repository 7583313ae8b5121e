package dev.fewtune.step;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.task.Task;
import dev.fewtune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The words of the classes, as tokens.
 *
 * @param words in the order of the classes
 * @param end token behind a word that is written; -1 for none
 */
record Words(Tokenizer tokenizer, Task task, List<String> words, int end) {
    /**
     * As they are written.
     *
     * @throws CellFailure with cause YOURS where two have the same tokens
     */
    List<List<Integer>> written() {
        List<List<Integer>> all = words.stream().map(this::ended).toList();
        requireDifferent(all);
        return all;
    }

    /**
     * As a mask is filled.
     *
     * @param behindSpace whether the mask stands behind a space, and the word with it
     * @throws CellFailure with cause YOURS where one has several tokens, or two have the same
     */
    List<List<Integer>> single(boolean behindSpace) {
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            List<Integer> tokens = tokens((behindSpace ? " " : "") + words.get(i));
            if (tokens.size() != 1) {
                throw CellFailure.yours(
                        "A masked-language head fills in one token, and the word '%s' for the label '%s' of %s has %s. Maybe "
                                + "a shorter word under verbalizer.",
                        words.get(i), task.labels().get(i), task.name(), tokens.size());
            }
            all.add(tokens);
        }
        requireDifferent(all);
        return all;
    }

    private void requireDifferent(List<List<Integer>> all) {
        for (int i = 0; i < all.size(); i++) {
            int first = all.indexOf(all.get(i));
            if (first < i) {
                throw CellFailure.yours(
                        "The words '%s' and '%s' for the labels '%s' and '%s' of %s are the same tokens to the tokenizer. "
                                + "Maybe other words under verbalizer.",
                        words.get(first),
                        words.get(i),
                        task.labels().get(first),
                        task.labels().get(i),
                        task.name());
            }
        }
    }

    private List<Integer> ended(String word) {
        List<Integer> tokens = new ArrayList<>(tokens(word));
        if (end >= 0) {
            tokens.add(end);
        }
        return tokens;
    }

    private List<Integer> tokens(String word) {
        return IntStream.of(tokenizer.bare(word)).boxed().toList();
    }
}
