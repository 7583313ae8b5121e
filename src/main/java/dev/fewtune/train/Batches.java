package dev.fewtune.train;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Puts examples into batches of like length, so that little is spent on padding. */
final class Batches {
    /** Lengths are padded up to a multiple of this. */
    static final int GRAIN = 8;
    /** Batches whose examples are sorted together. */
    private static final int WINDOW = 50;

    /**
     * A padded batch.
     *
     * @param ids [size x length], row-major, 0 where padded
     * @param mask 1 for a token and 0 for padding
     * @param tokens without padding
     */
    record Batch(int size, int length, int[] ids, int[] segments, double[] mask, double[] targets, int tokens) {}

    private Batches() {}

    /** The batches of an epoch as example numbers: shuffled, sorted within windows, shuffled again. */
    static List<int[]> ofEpoch(Encoded split, int batchSize, long seed, int epoch) {
        int[] order = new KeyedRandom(seed, "shuffle/" + epoch).permutation(split.size());
        List<int[]> batches = new ArrayList<>();
        int window = batchSize * WINDOW;
        for (int from = 0; from < order.length; from += window) {
            int[] part = Arrays.copyOfRange(order, from, Math.min(from + window, order.length));
            batches.addAll(cut(byLength(split, part), batchSize));
        }
        int[] shuffled = new KeyedRandom(seed, "batches/" + epoch).permutation(batches.size());
        return Arrays.stream(shuffled).mapToObj(batches::get).toList();
    }

    /** Batches by length, for prediction. */
    static List<int[]> sorted(Encoded split, int batchSize) {
        int[] order = new int[split.size()];
        Arrays.setAll(order, i -> i);
        return cut(byLength(split, order), batchSize);
    }

    static Batch of(Encoded split, int[] rows) {
        int longest = Arrays.stream(rows).map(row -> length(split, row)).max().orElse(1);
        int length = (longest + GRAIN - 1) / GRAIN * GRAIN;
        int[] ids = new int[rows.length * length];
        int[] segments = new int[rows.length * length];
        double[] mask = new double[rows.length * length];
        double[] targets = new double[rows.length];
        int tokens = 0;
        for (int i = 0; i < rows.length; i++) {
            int[] row = split.tokens().get(rows[i]).ids();
            System.arraycopy(row, 0, ids, i * length, row.length);
            System.arraycopy(split.tokens().get(rows[i]).types(), 0, segments, i * length, row.length);
            Arrays.fill(mask, i * length, i * length + row.length, 1);
            targets[i] = split.targets()[rows[i]];
            tokens += row.length;
        }
        return new Batch(rows.length, length, ids, segments, mask, targets, tokens);
    }

    private static int[] byLength(Encoded split, int[] rows) {
        return Arrays.stream(rows)
                .boxed()
                .sorted(Comparator.comparingInt(row -> length(split, row)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static List<int[]> cut(int[] order, int batchSize) {
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += batchSize) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(from + batchSize, order.length)));
        }
        return batches;
    }

    private static int length(Encoded split, int row) {
        return split.tokens().get(row).ids().length;
    }
}
