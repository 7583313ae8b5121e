package dev.fewtune.train;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws the tasks of each batch. By temperature T, a batch has one task, drawn in proportion to n^(1/T) with n its examples
 * (Karimi Mahabadi et al., arXiv 2106.04489, section 4.1). Stochastic, as the loader of MPT's code does it, K' is drawn
 * evenly from 2 to the number of tasks; K' tasks are drawn, with replacement and in proportion to n; each gives as many
 * examples as go K' times into the batch; the rest come from one more task, any with the same chance; and the batch is
 * shuffled. A task gives its examples in an order of its own, from the first one again where they end. An epoch has as many
 * batches as the examples fill.
 */
final class TaskSampling implements Cutting {
    private final Encoded split;
    private final Beside beside;
    private final int size;
    private final int[][] rows;

    TaskSampling(Encoded split, Beside beside, int size) {
        this.split = split;
        this.beside = beside;
        this.size = size;
        this.rows = IntStream.range(0, beside.members().size())
                .mapToObj(task -> IntStream.range(0, split.size())
                        .filter(row -> split.task(row) == task)
                        .toArray())
                .toArray(int[][]::new);
    }

    @Override
    public List<Batches.Cut> epoch(long seed, int epoch) {
        KeyedRandom random = new KeyedRandom(seed, "tasks/" + epoch);
        List<Cursor> cursors = IntStream.range(0, rows.length)
                .mapToObj(task -> new Cursor(rows[task], random.of("order/%s/%s".formatted(epoch, task))))
                .toList();
        List<Batches.Cut> cuts = new ArrayList<>();
        for (int batch = 0; batch < Math.max(1, split.size() / size); batch++) {
            int[] chosen = beside.mixing().equals(Beside.BY_TEMPERATURE)
                    ? cursors.get(draw(random, 1 / beside.temperature())).next(size)
                    : several(random, cursors);
            cuts.add(new Batches.Cut(chosen, width(chosen)));
        }
        return cuts;
    }

    private int[] several(KeyedRandom random, List<Cursor> cursors) {
        int tasks = cursors.size();
        int count = Math.min(size, tasks < 2 ? 1 : 2 + random.nextInt(tasks - 1));
        List<int[]> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(cursors.get(draw(random, 1)).next(size / count));
        }
        parts.add(cursors.get(random.nextInt(tasks)).next(size % count));
        int[] all = parts.stream().flatMapToInt(Arrays::stream).toArray();
        return IntStream.of(random.of("batch/" + random.nextLong()).permutation(all.length))
                .map(place -> all[place])
                .toArray();
    }

    /** In proportion to the examples to this power. */
    private int draw(KeyedRandom random, double power) {
        double[] weights = Arrays.stream(rows)
                .mapToDouble(task -> Math.pow(task.length, power))
                .toArray();
        double left = random.nextDouble() * Arrays.stream(weights).sum();
        int task = 0;
        while (task < weights.length - 1 && left >= weights[task]) {
            left -= weights[task++];
        }
        return task;
    }

    private int width(int[] chosen) {
        return Batch.padded(
                Arrays.stream(chosen).map(row -> Batch.length(split, row)).max().orElse(1));
    }

    /** Where a task is in its order. */
    private static final class Cursor {
        private final int[] rows;
        private final int[] order;
        private int at;

        Cursor(int[] rows, KeyedRandom random) {
            this.rows = rows;
            this.order = random.permutation(rows.length);
        }

        int[] next(int count) {
            return IntStream.range(0, count)
                    .map(i -> rows[order[at++ % order.length]])
                    .toArray();
        }
    }
}
