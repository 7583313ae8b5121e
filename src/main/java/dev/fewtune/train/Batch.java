package dev.fewtune.train;

import dev.fewtune.text.Tokens;
import java.util.Arrays;
import java.util.List;

/**
 * Some examples of a split, padded to one width that is a multiple of {@link #STEP}.
 *
 * @param rows positions in the split
 * @param ids [rows, width], row-major
 * @param written tokens that are to be written, by row; empty where none are
 * @param tasks place of each row's task among those that are learned together
 * @param states from which a network goes on with these examples
 */
record Batch(
        int[] rows,
        int width,
        int[] ids,
        int[] types,
        double[] mask,
        double[] targets,
        List<int[]> written,
        int[] tasks,
        States states) {
    /** Each width is a shape that kernels are prepared for; a small step wastes little on padding. */
    static final int STEP = 2;

    static Batch of(Encoded split, int[] rows) {
        int longest = Arrays.stream(rows).map(row -> length(split, row)).max().orElse(1);
        return of(split, rows, padded(longest));
    }

    static Batch of(Encoded split, int[] rows, int width) {
        int[] ids = new int[rows.length * width];
        int[] types = new int[ids.length];
        double[] mask = new double[ids.length];
        double[] targets = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            Tokens tokens = split.tokens().get(rows[i]);
            int length = tokens.ids().length;
            System.arraycopy(tokens.ids(), 0, ids, i * width, length);
            System.arraycopy(tokens.types(), 0, types, i * width, length);
            Arrays.fill(mask, i * width, i * width + length, 1);
            targets[i] = split.targets()[rows[i]];
        }
        List<int[]> written = split.written().isEmpty()
                ? List.of()
                : Arrays.stream(rows).mapToObj(split.written()::get).toList();
        int[] tasks = Arrays.stream(rows).map(split::task).toArray();
        return new Batch(rows, width, ids, types, mask, targets, written, tasks, States.NONE);
    }

    /** The same examples, of whose split these states are kept. */
    Batch from(States kept) {
        return new Batch(rows, width, ids, types, mask, targets, written, tasks, kept);
    }

    /** Over how many things its loss is the mean: tokens that are to be written, or else examples. */
    double weight() {
        return written.isEmpty()
                ? rows.length
                : written.stream().mapToInt(text -> text.length).sum();
    }

    /** Token slots, padding included. */
    long slots() {
        return (long) rows.length * width;
    }

    /** Token slots that hold a token. */
    long filled() {
        return (long) Arrays.stream(mask).sum();
    }

    /** The width of a batch whose longest row has this many tokens. */
    static int padded(int longest) {
        return (longest + STEP - 1) / STEP * STEP;
    }

    static int length(Encoded split, int row) {
        return split.tokens().get(row).ids().length;
    }
}
