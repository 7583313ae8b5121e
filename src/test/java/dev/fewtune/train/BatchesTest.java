package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.text.Tokens;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void everyExampleComesOnceInEachEpoch() {
        Batches batches = new Batches(split(500, 60), 32, 0);
        for (int epoch = 1; epoch <= 2; epoch++) {
            assertThat(rows(batches.epoch(1, epoch)))
                    .containsExactly(IntStream.range(0, 500).toArray());
        }
        assertThat(batches.epoch(1, 1).get(0).rows())
                .isNotEqualTo(batches.epoch(1, 2).get(0).rows());
    }

    @Test
    void theSameSeedAndEpochGiveTheSameBatches() {
        List<Batches.Cut> one = new Batches(split(200, 60), 16, 0).epoch(3, 2);
        List<Batches.Cut> other = new Batches(split(200, 60), 16, 0).epoch(3, 2);
        for (int i = 0; i < one.size(); i++) {
            assertThat(one.get(i).rows()).isEqualTo(other.get(i).rows());
        }
    }

    @Test
    void allBatchesButOneAreFullAndHaveOneOfFewWidths() {
        List<Batches.Cut> cuts = new Batches(split(2000, 64), 32, 0).epoch(1, 1);
        assertThat(cuts).hasSize(63);
        assertThat(cuts.stream().filter(cut -> cut.rows().length < 32)).hasSize(1);
        assertThat(cuts.stream().map(Batches.Cut::width).distinct().count()).isLessThanOrEqualTo(16);
    }

    @Test
    void noBatchHasMoreTokensThanItsBudget() {
        Encoded split = split(2000, 64);
        Batches batches = new Batches(split, 32, 256);
        List<Batches.Cut> cuts = batches.epoch(1, 1);
        assertThat(cuts).allMatch(cut -> cut.rows().length * cut.width() <= 256 && cut.rows().length <= 32);
        assertThat(cuts).anyMatch(cut -> cut.rows().length == 32).anyMatch(cut -> cut.rows().length == 4);
        assertThat(batches.epoch(1, 2)).hasSameSizeAs(cuts);
        assertThat(rows(cuts)).hasSize(2000);
    }

    @Test
    void examplesThatAreOnlyAnsweredKeepTheBudgetToo() {
        Encoded split = split(500, 60);
        List<int[]> batches = Batches.sorted(split, 64, 256);
        assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .containsExactly(IntStream.range(0, 500).toArray());
        assertThat(batches).allMatch(rows -> Batch.of(split, rows).slots() <= 256 && rows.length <= 64);
        assertThat(Batches.sorted(split, 64)).hasSize(8);
    }

    @Test
    void littleIsSpentOnPadding() {
        Encoded split = split(2000, 64);
        long slots = 0;
        long filled = 0;
        for (Batches.Cut cut : new Batches(split, 32, 0).epoch(1, 1)) {
            Batch batch = Batch.of(split, cut.rows(), cut.width());
            slots += batch.slots();
            filled += batch.filled();
        }
        assertThat(1 - (double) filled / slots).isBetween(0.0, 0.06);
    }

    @Test
    void widthsNeedTheLeastPaddingOfAll() {
        int[] lengths = {3, 3, 3, 4, 9, 9, 10, 20};
        assertThat(Widths.of(lengths, 1)).containsExactly(20);
        assertThat(Widths.of(lengths, 3)).containsExactly(4, 10, 20);
        assertThat(Widths.of(lengths, 9)).containsExactly(3, 4, 9, 10, 20);
        assertThat(Widths.of(lengths, 2)).containsExactly(best(lengths), 20);
    }

    @Test
    void widthsOfVeryLongTextsAreFoundToo() {
        int[] lengths = IntStream.rangeClosed(1, 8000).toArray();
        assertThat(Widths.of(lengths, 16)).hasSize(16).endsWith(8000).isSorted();
    }

    /** By trying all. */
    private static int best(int[] lengths) {
        int longest = Arrays.stream(lengths).max().orElseThrow();
        return IntStream.range(1, longest)
                .boxed()
                .min(java.util.Comparator.comparingInt(width -> Arrays.stream(lengths)
                        .map(length -> length <= width ? width : longest)
                        .sum()))
                .orElseThrow();
    }

    private static int[] rows(List<Batches.Cut> cuts) {
        return cuts.stream()
                .flatMapToInt(cut -> Arrays.stream(cut.rows()))
                .sorted()
                .toArray();
    }

    /** Lengths spread like those of definitions: most are short, few are long. */
    private static Encoded split(int size, int longest) {
        KeyedRandom random = new KeyedRandom(5, "lengths");
        List<Tokens> tokens = IntStream.range(0, size)
                .mapToObj(i -> {
                    int length = Math.min(longest, (int) (6 + Math.exp(1.8 + 0.7 * random.nextGaussian())));
                    return new Tokens(new int[i == 0 ? longest : length], new int[i == 0 ? longest : length], false);
                })
                .toList();
        return new Encoded(Collections.nCopies(size, "x"), tokens, new double[size]);
    }
}
