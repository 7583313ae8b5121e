package dev.fewtune.train;

import dev.fewtune.text.Tokens;
import java.util.List;

/**
 * A split, ready for the network.
 *
 * @param ids stable example ids
 * @param tokens one per example
 * @param targets class number, or the value of a regression
 * @param written tokens of the text that is to be written for each example, its end included; empty where none is
 * @param tasks place of each example's task among those that are learned together; empty where there is one
 */
public record Encoded(List<String> ids, List<Tokens> tokens, double[] targets, List<int[]> written, int[] tasks) {
    public Encoded {
        if (ids.size() != tokens.size() || ids.size() != targets.length) {
            throw new IllegalArgumentException("A split has %s ids, %s token rows and %s targets."
                    .formatted(ids.size(), tokens.size(), targets.length));
        }
        if (!written.isEmpty() && written.size() != targets.length) {
            throw new IllegalArgumentException(
                    "A split has %s examples and %s texts to be written.".formatted(targets.length, written.size()));
        }
        if (tasks.length > 0 && tasks.length != targets.length) {
            throw new IllegalArgumentException(
                    "A split has %s examples and the tasks of %s.".formatted(targets.length, tasks.length));
        }
        written = List.copyOf(written);
    }

    /** A split of one task. */
    public Encoded(List<String> ids, List<Tokens> tokens, double[] targets, List<int[]> written) {
        this(ids, tokens, targets, written, new int[0]);
    }

    /** A split for which nothing is written. */
    public Encoded(List<String> ids, List<Tokens> tokens, double[] targets) {
        this(ids, tokens, targets, List.of());
    }

    /** The place of an example's task. */
    int task(int row) {
        return tasks.length == 0 ? 0 : tasks[row];
    }

    public int size() {
        return targets.length;
    }

    /** Over how many things a loss is the mean: tokens that are to be written, or else examples. */
    double weight() {
        return written.isEmpty()
                ? size()
                : written.stream().mapToInt(text -> text.length).sum();
    }
}
