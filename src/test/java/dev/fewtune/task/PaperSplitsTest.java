package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperSplitsTest {
    @TempDir
    Path folder;

    /** The permutation of 56 begins with 22, 8, 36. */
    @Test
    void halvesTheFileForTest() throws IOException {
        Task task = PaperSplits.of("halved", source(10, 56));
        assertThat(task.examples("train")).hasSize(10);
        assertThat(task.examples("validation")).hasSize(28);
        assertThat(task.examples("test")).hasSize(28);
        assertThat(task.examples("validation").subList(0, 3))
                .extracting(Example::first)
                .containsExactly("text 22", "text 8", "text 36");
        assertThat(task.examples("test")).doesNotContainAnyElementsOf(task.examples("validation"));
    }

    @Test
    void takesTheFirstThousandOfTrainToValidate() throws IOException {
        Task task = PaperSplits.of("first-1000", source(2500, 7));
        assertThat(task.examples("validation")).hasSize(1000);
        assertThat(task.examples("train")).hasSize(1500).doesNotContainAnyElementsOf(task.examples("validation"));
        assertThat(task.examples("test")).hasSize(7);
        assertThat(task.notes()).singleElement().asString().contains("seed 42");
    }

    @Test
    void leavesFilesWithoutARuleAsTheyAre() throws IOException {
        assertThat(PaperSplits.of("", source(10, 5)).examples("test")).hasSize(5);
    }

    /** CB has 250, 28 and 28 in the papers. */
    @Test
    void givesTheSizesOfThePapersForCb() {
        Path data = Path.of("../shared/data/tasks/cb");
        assumeTrue(Files.exists(data), "the data of CB are not here");
        Task task = PaperSplits.of(
                "halved",
                new FileTask.Source(
                        "cb",
                        Map.of("train", data.resolve("train.tsv"), "test", data.resolve("dev.tsv")),
                        List.of("text_a", "text_b"),
                        "label",
                        List.of(),
                        "accuracy"));
        assertThat(List.of(
                        task.examples("train").size(),
                        task.examples("validation").size(),
                        task.examples("test").size()))
                .containsExactly(250, 28, 28);
    }

    private FileTask.Source source(int train, int test) throws IOException {
        return new FileTask.Source(
                "own",
                Map.of("train", write("train.tsv", train), "test", write("test.tsv", test)),
                List.of("text"),
                "label",
                List.of(),
                null);
    }

    private Path write(String name, int count) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                IntStream.range(0, count)
                        .mapToObj(i -> "text %d\t%s".formatted(i, i % 2 == 0 ? "a" : "b"))
                        .collect(Collectors.joining("\n", "text\tlabel\n", "\n")));
    }
}
