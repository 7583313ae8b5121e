package dev.fewtune.train;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts a split into batches. */
final class Batches {
    /** Examples are sorted by length within windows of this many batches, which saves most of the padding. */
    private static final int WINDOW = 50;

    private Batches() {}

    /** Shuffled by (seed, epoch), examples of like length together, batches shuffled again. */
    static List<int[]> shuffled(Encoded split, int size, long seed, int epoch) {
        int[] order = new KeyedRandom(seed, "shuffle/" + epoch).permutation(split.size());
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += WINDOW * size) {
            int[] window = Arrays.copyOfRange(order, from, Math.min(order.length, from + WINDOW * size));
            batches.addAll(cut(byLength(split, window), size));
        }
        int[] places = new KeyedRandom(seed, "batches/" + epoch).permutation(batches.size());
        return IntStream.of(places).mapToObj(batches::get).toList();
    }

    /** All examples, the shortest first. */
    static List<int[]> sorted(Encoded split, int size) {
        return cut(byLength(split, IntStream.range(0, split.size()).toArray()), size);
    }

    private static int[] byLength(Encoded split, int[] rows) {
        return Arrays.stream(rows)
                .boxed()
                .sorted(Comparator.comparingInt(row -> Batch.length(split, row)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static List<int[]> cut(int[] rows, int size) {
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < rows.length; from += size) {
            batches.add(Arrays.copyOfRange(rows, from, Math.min(rows.length, from + size)));
        }
        return batches;
    }
}
