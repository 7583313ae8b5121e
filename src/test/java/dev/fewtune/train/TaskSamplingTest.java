package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.text.Tokens;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskSamplingTest {
    private static final int[] SIZES = {10, 40, 150};
    private static final int BATCH = 12;

    @Test
    void byTemperatureABatchHasOneTaskAndSmallTasksComeOftenerThanTheirShare() {
        double[] found = new double[3];
        int batches = 0;
        for (int epoch = 1; epoch <= 200; epoch++) {
            for (Batches.Cut cut : sampling(Beside.BY_TEMPERATURE, 10).epoch(3, epoch)) {
                int[] tasks = tasks(cut);
                assertThat(tasks).hasSize(BATCH).containsOnly(tasks[0]);
                found[tasks[0]]++;
                batches++;
            }
        }
        double sum = Arrays.stream(SIZES).mapToDouble(n -> Math.pow(n, .1)).sum();
        for (int task = 0; task < 3; task++) {
            assertThat(found[task] / batches).isCloseTo(Math.pow(SIZES[task], .1) / sum, within(.03));
        }
    }

    @Test
    void anEpochHasAsManyBatchesAsTheExamplesFill() {
        assertThat(sampling(Beside.BY_TEMPERATURE, 10).epoch(1, 1)).hasSize(200 / BATCH);
        assertThat(sampling(Beside.STOCHASTIC, 0).epoch(1, 1)).hasSize(200 / BATCH);
    }

    @Test
    void isTheSameForTheSameSeedAndEpoch() {
        assertThat(rows(sampling(Beside.STOCHASTIC, 0).epoch(1, 2)))
                .isEqualTo(rows(sampling(Beside.STOCHASTIC, 0).epoch(1, 2)))
                .isNotEqualTo(rows(sampling(Beside.STOCHASTIC, 0).epoch(1, 3)))
                .isNotEqualTo(rows(sampling(Beside.STOCHASTIC, 0).epoch(2, 2)));
    }

    /** Every task gives a multiple of an equal part, but for the rest of one more task. */
    @Test
    void stochasticBatchesAreMadeOfEqualPartsOfDrawnTasks() {
        boolean[] counts = new boolean[4];
        for (int epoch = 1; epoch <= 20; epoch++) {
            for (Batches.Cut cut : sampling(Beside.STOCHASTIC, 0).epoch(5, epoch)) {
                int[] tasks = tasks(cut);
                assertThat(tasks).hasSize(BATCH);
                int[] each = new int[3];
                Arrays.stream(tasks).forEach(task -> each[task]++);
                boolean inTwo = Arrays.stream(each).allMatch(n -> n % 6 == 0);
                boolean inThree = Arrays.stream(each).allMatch(n -> n % 4 == 0);
                assertThat(inTwo || inThree).as(Arrays.toString(each)).isTrue();
                counts[inTwo && !inThree ? 2 : 3] = true;
            }
        }
        assertThat(counts[2]).isTrue();
        assertThat(counts[3]).isTrue();
    }

    @Test
    void whatDoesNotDivideComesFromOneTask() {
        TaskSampling sampling = new TaskSampling(split(), beside(Beside.STOCHASTIC, 0), 7);
        for (Batches.Cut cut : sampling.epoch(5, 1)) {
            int[] each = new int[3];
            Arrays.stream(tasks(cut)).forEach(task -> each[task]++);
            // 7 is 3 and 3 and 1, or 2 and 2 and 2 and 1.
            long odd = IntStream.range(0, 3).filter(task -> each[task] % 3 != 0).count();
            long uneven =
                    IntStream.range(0, 3).filter(task -> each[task] % 2 != 0).count();
            assertThat(odd == 1 || uneven == 1).as(Arrays.toString(each)).isTrue();
        }
    }

    @Test
    void aTaskGivesAllItsExamplesBeforeOneComesAgain() {
        int[] seen = new int[200];
        TaskSampling sampling = new TaskSampling(split(), beside(Beside.BY_TEMPERATURE, 1), 5);
        for (Batches.Cut cut : sampling.epoch(7, 1)) {
            Arrays.stream(cut.rows()).forEach(row -> seen[row]++);
        }
        int from = 0;
        for (int size : SIZES) {
            int[] ofTask = Arrays.copyOfRange(seen, from, from + size);
            int least = Arrays.stream(ofTask).min().orElseThrow();
            assertThat(Arrays.stream(ofTask).max().orElseThrow()).isBetween(least, least + 1);
            from += size;
        }
    }

    private static TaskSampling sampling(String mixing, double temperature) {
        return new TaskSampling(split(), beside(mixing, temperature), BATCH);
    }

    private static Beside beside(String mixing, double temperature) {
        List<Beside.Member> members =
                List.of(new Beside.Member("a", 2), new Beside.Member("b", 2), new Beside.Member("c", 2));
        return new Beside(List.of(), members, mixing, temperature);
    }

    private static List<List<Integer>> rows(List<Batches.Cut> cuts) {
        return cuts.stream()
                .map(cut -> Arrays.stream(cut.rows()).boxed().toList())
                .toList();
    }

    private static int[] tasks(Batches.Cut cut) {
        return Arrays.stream(cut.rows()).map(split()::task).toArray();
    }

    private static Encoded split() {
        int size = Arrays.stream(SIZES).sum();
        int[] tasks = IntStream.range(0, size)
                .map(row -> row < SIZES[0] ? 0 : row < SIZES[0] + SIZES[1] ? 1 : 2)
                .toArray();
        Tokens tokens = new Tokens(new int[3], new int[3], false);
        return new Encoded(
                Collections.nCopies(size, "x"), Collections.nCopies(size, tokens), new double[size], List.of(), tasks);
    }
}
