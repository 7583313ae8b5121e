package dev.fewtune.train;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts train into batches of examples of like length. Each batch has one of a few widths, because each width is a shape
 * that kernels are prepared for; the widths are those that need the least padding.
 */
final class Batches implements Cutting {
    /** Half as many need about twice the padding. */
    private static final int WIDTHS = 16;

    private final Encoded split;
    private final int size;
    private final int tokens;
    private final int[] widths;

    /** Examples of a batch, by their place in the split, and the width that they are padded to. */
    record Cut(int[] rows, int width) {}

    /**
     * @param size most examples of a batch
     * @param tokens most tokens of a batch, padding included; 0 for no such limit
     */
    Batches(Encoded split, int size, int tokens) {
        this.split = split;
        this.size = size;
        this.tokens = tokens;
        int[] lengths = IntStream.range(0, split.size())
                .map(row -> Batch.length(split, row))
                .toArray();
        int batches = (lengths.length + size - 1) / size;
        this.widths = Widths.of(lengths, Math.min(WIDTHS, batches));
    }

    /** The same examples in each epoch, shuffled by (seed, epoch). */
    @Override
    public List<Cut> epoch(long seed, int epoch) {
        List<List<Integer>> buckets = new ArrayList<>();
        Arrays.stream(widths).forEach(width -> buckets.add(new ArrayList<>()));
        for (int row : new KeyedRandom(seed, "shuffle/" + epoch).permutation(split.size())) {
            buckets.get(bucket(row)).add(row);
        }
        List<Cut> cuts = new ArrayList<>();
        List<Integer> left = List.of();
        for (int i = 0; i < widths.length; i++) {
            List<Integer> rows = new ArrayList<>(left);
            rows.addAll(buckets.get(i));
            left = cut(rows, widths[i], i == widths.length - 1, cuts);
        }
        int[] places = new KeyedRandom(seed, "batches/" + epoch).permutation(cuts.size());
        return IntStream.of(places).mapToObj(cuts::get).toList();
    }

    /** All examples, the shortest first; of several tasks those of each apart. */
    static List<int[]> sorted(Encoded split, int size) {
        return sorted(split, size, 0);
    }

    /** @param tokens most tokens of a batch, padding included; 0 for no such limit */
    static List<int[]> sorted(Encoded split, int size, int tokens) {
        int[] rows = IntStream.range(0, split.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer row) -> split.task(row))
                        .thenComparingInt(row -> Batch.length(split, row)))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= rows.length; to++) {
            boolean whole = to == rows.length
                    || to - from == size
                    || split.task(rows[to]) != split.task(rows[from])
                    || tokens > 0 && (to - from + 1) * Batch.padded(Batch.length(split, rows[to])) > tokens;
            if (whole) {
                batches.add(Arrays.copyOfRange(rows, from, to));
                from = to;
            }
        }
        return batches;
    }

    private int bucket(int row) {
        int found = Arrays.binarySearch(widths, Batch.length(split, row));
        return found < 0 ? -found - 1 : found;
    }

    /** Returns what does not fill a batch; it goes with the next longer ones. */
    private List<Integer> cut(List<Integer> rows, int width, boolean last, List<Cut> cuts) {
        int full = tokens == 0 ? size : Math.max(1, Math.min(size, tokens / width));
        int from = 0;
        while (rows.size() - from >= full || last && from < rows.size()) {
            int to = Math.min(rows.size(), from + full);
            cuts.add(new Cut(
                    rows.subList(from, to).stream().mapToInt(Integer::intValue).toArray(), width));
            from = to;
        }
        return rows.subList(from, rows.size());
    }
}
