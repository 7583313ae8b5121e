package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FewShotTest {
    @TempDir
    Path folder;

    /** What torch.randperm gives for the sizes of the papers' data and seed 42. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        10    | 2 6 1 8 4 5 0 9
        56    | 22 8 36 39 34 28 26 6
        277   | 207 84 253 243 190 28 165 111
        408   | 30 63 342 322 6 302 94 83
        67349 | 6677 49712 38268 32909 23395 66940 62886 11359
        """)
    void shufflesAsTorchDoes(int size, String first) {
        int[] order = TorchShuffle.permutation(size, 42);
        assertThat(Arrays.stream(order).limit(8).mapToObj(Integer::toString).collect(Collectors.joining(" ")))
                .isEqualTo(first);
        assertThat(Arrays.stream(order).distinct().count()).isEqualTo(size);
    }

    @Test
    void takesAsManyOfEachClassAsGoEvenlyIntoTheWhole() throws IOException {
        assertThat(counts(new FewShot(16, false, 1))).isEqualTo(Map.of("a", 8L, "b", 8L));
        assertThat(counts(new FewShot(4, true, 1))).isEqualTo(Map.of("a", 4L, "b", 4L));
    }

    @Test
    void fillsUpWhatIsMissingByAnyClass() throws IOException {
        Map<String, Long> counts = counts(new FewShot(5, false, 2));
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(5);
        assertThat(counts.values()).allMatch(count -> count >= 2);
        // Of b there are 9.
        assertThat(counts(new FewShot(30, false, 2))).isEqualTo(Map.of("a", 21L, "b", 9L));
    }

    @Test
    void anotherSeedTakesOthersAndTheSameTheSame() throws IOException {
        List<String> one = ids(new FewShot(8, false, 1));
        assertThat(ids(new FewShot(8, false, 1))).isEqualTo(one);
        assertThat(ids(new FewShot(8, false, 2))).isNotEqualTo(one);
    }

    @Test
    void namesTheClassThatHasTooFew() {
        assertThatThrownBy(() -> counts(new FewShot(10, true, 1)))
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "The class b of own has 9 examples in train, and 10 of each class are asked for. Maybe fewer"
                                + " shots.");
        assertThatThrownBy(() -> counts(new FewShot(500, false, 1)))
                .isInstanceOf(CellFailure.class)
                .hasMessage("The train split of own has 54 examples, and 500 are asked for. Maybe fewer shots.");
    }

    private Map<String, Long> counts(FewShot shots) throws IOException {
        return shots.take(task()).stream().collect(Collectors.groupingBy(Example::label, Collectors.counting()));
    }

    private List<String> ids(FewShot shots) throws IOException {
        return shots.take(task()).stream().map(Example::id).toList();
    }

    /** 45 of a and 9 of b. */
    private Task task() throws IOException {
        Path train = folder.resolve("train.tsv");
        Files.writeString(
                train,
                IntStream.range(0, 54)
                        .mapToObj(i -> "text %d\t%s".formatted(i, i % 6 == 5 ? "b" : "a"))
                        .collect(Collectors.joining("\n", "text\tlabel\n", "\n")));
        return new FileTask(new FileTask.Source(
                "own",
                Map.of("train", train, "validation", train, "test", train),
                List.of("text"),
                "label",
                List.of(),
                null));
    }
}
