package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTaskTest {
    @TempDir
    private Path folder;

    @Test
    void readsTsvWithoutQuoting() throws IOException {
        FileTask task = task(file("train.tsv", "text\tlabel\n\"a\tb\r\n\nc\ta\n"));

        assertThat(task.labels()).containsExactly("a", "b");
        assertThat(all(task))
                .containsExactlyInAnyOrder(
                        new Example("train.tsv:2", "\"a", null, "b"), new Example("train.tsv:4", "c", null, "a"));
    }

    @Test
    void readsCsvWithQuotesAndLineBreaks() throws IOException {
        FileTask task = task(file("train.csv", "text,label\n\"one, \"\"two\"\"\nthree\",b\nx,a\n"));

        assertThat(all(task))
                .containsExactlyInAnyOrder(
                        new Example("train.csv:2", "one, \"two\"\nthree", null, "b"),
                        new Example("train.csv:4", "x", null, "a"));
    }

    @Test
    void readsJsonLines() throws IOException {
        FileTask task = task(file("train.jsonl", "{\"text\":\"x\",\"label\":1}\n{\"label\":0,\"text\":\"y\"}\n"));

        assertThat(task.labels()).containsExactly("0", "1");
        assertThat(all(task)).extracting(Example::first).containsExactlyInAnyOrder("x", "y");
    }

    @Test
    void readsPairsAndPassesOverAByteOrderMark() throws IOException {
        Path file = file("train.tsv", "\uFEFFa\tb\tlabel\nx\ty\tno\nz\tw\tyes\n");
        FileTask task = new FileTask(
                new FileTask.Source("t", Map.of("train", file), List.of("a", "b"), "label", List.of(), null));

        assertThat(all(task)).extracting(Example::second).containsExactlyInAnyOrder("y", "w");
    }

    @Test
    void namesFileAndLineOfBytesThatAreNotUtf8() throws IOException {
        Path file = Files.write(
                folder.resolve("train.tsv"), "text\tlabel\nx\ta\ncaf\u00e9\tb\n".getBytes(StandardCharsets.ISO_8859_1));

        assertYours(() -> task(file).labels(), file + ":3: byte 0xe9 is not UTF-8. Save the file in UTF-8.");
    }

    @Test
    void namesFileAndLineOfARowWithTooFewColumns() throws IOException {
        Path tsv = file("train.tsv", "text\tlabel\nx\ta\ny\n");
        Path csv = file("train.csv", "text,label\n\"x\nx\",a\ny\n");

        assertYours(() -> task(tsv).labels(), tsv + ":3: expected 2 columns (text, label), found 1.");
        assertYours(() -> task(csv).labels(), csv + ":4: expected 2 columns (text, label), found 1.");
    }

    @Test
    void listsTheColumnsWhereOneIsMissing() throws IOException {
        Path file = file("train.tsv", "sentence\tlabel\nx\ta\n");

        assertYours(() -> task(file).labels(), file + ":2: there is no column text. Columns: sentence, label.");
    }

    @Test
    void refusesAnEmptyDataSet() throws IOException {
        Path header = file("train.tsv", "text\tlabel\n");
        Path nothing = file("train.csv", "");

        assertYours(() -> task(header).labels(), header + ": the data set is empty.");
        assertYours(() -> task(nothing).labels(), nothing + ": the data set is empty.");
    }

    @Test
    void namesFileAndLineOfALabelThatTrainLacks() throws IOException {
        Path train = file("train.tsv", "text\tlabel\nx\ta\ny\tb\n");
        Path test = file("test.tsv", "text\tlabel\nx\ta\ny\tc\n");

        assertYours(
                () -> task(Map.of("train", train, "test", test), List.of(), null)
                        .examples("test"),
                "test.tsv:3: the label (c) is not known. Known: a, b.");
        assertYours(
                () -> task(Map.of("train", train), List.of("b", "z"), null).labels(),
                "train.tsv:2: the label (a) is not known. Known: b, z.");
    }

    @Test
    void namesAMissingFileAnUnknownEndingAndBrokenJson() throws IOException {
        Path missing = folder.resolve("none.tsv");
        Path text = file("train.txt", "x");
        Path json = file("train.jsonl", "{\"text\":\"x\",\"label\":1}\n{oops\n");

        assertYours(() -> task(missing).labels(), missing + ": there is no such file.");
        assertYours(() -> task(text).labels(), text + ": the name must end in .tsv, .csv or .jsonl.");
        assertThatThrownBy(() -> task(json).labels()).hasMessageStartingWith(json + ":2: this is not JSON");
    }

    @Test
    void takesNumbersForARegressionAndFewWholeNumbersForClasses() throws IOException {
        FileTask numbers = task(file("a.tsv", "text\tlabel\nx\t0.5\ny\t2\n"));
        FileTask stars = task(file("b.tsv", "text\tlabel\nx\t10\ny\t2\n"));
        FileTask many = task(rows("c.tsv", 21));
        FileTask few = task(rows("d.tsv", 20));
        FileTask asked = task(Map.of("train", file("e.tsv", "text\tlabel\nx\t1\ny\t2\n")), List.of(), "mse");

        assertThat(numbers.regression()).isTrue();
        assertThat(numbers.metric()).isEqualTo("pearson");
        assertThat(numbers.labels()).isEmpty();
        assertThat(stars.regression()).isFalse();
        assertThat(stars.metric()).isEqualTo("accuracy");
        assertThat(stars.labels()).containsExactly("2", "10");
        assertThat(many.regression()).isTrue();
        assertThat(few.regression()).isFalse();
        assertThat(asked.regression()).isTrue();
        assertThat(asked.metric()).isEqualTo("mse");
    }

    @Test
    void refusesAMetricThatDoesNotSuit() throws IOException {
        Path file = file("train.tsv", "text\tlabel\nx\ta\ny\tb\nz\tc\n");

        assertYours(
                () -> task(Map.of("train", file), List.of("a", "b", "c"), "mse").metric(),
                "The task t has classes, and the metric mse does not suit them. Maybe accuracy, f1, macro-f1, matthews.");
        assertYours(
                () -> task(Map.of("train", file), List.of(), "f1").metric(),
                "The task t has 3 classes, and the metric f1 needs two. Maybe macro-f1.");
        assertYours(
                () -> task(Map.of("train", file), List.of(), "pearson").metric(),
                "train.tsv:2: the label (a) must be a number, as the task t is a regression.");
        assertYours(
                () -> task(Map.of("train", file), List.of(), "bleu"),
                "The task t: there is no metric bleu. Known: accuracy, f1, macro-f1, matthews, pearson, spearman, mse, exact-match, token-f1, rouge-l.");
    }

    @Test
    void cutsTheSameTenthOfTrainForValidationAndSaysSo() throws IOException {
        Path file = rows("train.tsv", 100);
        FileTask task = task(Map.of("train", file), List.of(), "accuracy");

        Set<Example> both = new HashSet<>(task.examples("train"));
        both.addAll(task.examples("validation"));
        assertThat(task.examples("validation")).hasSize(10);
        assertThat(both).hasSize(100);
        assertThat(task(Map.of("train", file), List.of(), "accuracy").examples("validation"))
                .isEqualTo(task.examples("validation"));
        assertThat(task.notes())
                .containsExactly("Validation was cut from train by a fixed hash of the text: 10 of 100 examples.");
    }

    @Test
    void keepsEqualTextsOutOfBothTrainAndValidation() throws IOException {
        String rows = IntStream.range(0, 100)
                .mapToObj(i -> "text %s\t%s\n".formatted(i % 40, "ab".charAt(i % 2)))
                .collect(Collectors.joining());
        FileTask task = task(file("train.tsv", "text\tlabel\n" + rows));

        assertThat(task.examples("validation"))
                .extracting(Example::first)
                .doesNotContainAnyElementsOf(
                        task.examples("train").stream().map(Example::first).toList());
    }

    @Test
    void readsTestOnlyWhenAsked() throws IOException {
        Path test = file("test.tsv", "broken");
        FileTask task =
                task(Map.of("train", file("train.tsv", "text\tlabel\nx\ta\ny\tb\n"), "test", test), List.of(), null);

        assertThat(task.examples("train")).hasSize(1);
        assertThat(task.examples("validation")).hasSize(1);
        assertYours(() -> task.examples("test"), test + ": the data set is empty.");
    }

    @Test
    void namesTheSplitsThatThereAre() throws IOException {
        FileTask task = task(file("train.tsv", "text\tlabel\nx\ta\ny\tb\n"));

        assertYours(() -> task.examples("test"), "The task t names no file for test, only for train.");
        assertYours(() -> task.examples("dev"), "There is no split dev. Known: train, validation, test.");
        assertYours(() -> task(Map.of(), List.of(), null), "The task t names no file for train.");
    }

    @Test
    void refusesOneLabelOnly() throws IOException {
        Path file = file("train.tsv", "text\tlabel\nx\ta\ny\ta\n");

        assertYours(() -> task(file).labels(), "The task t has one label only (a); there is nothing to learn.");
    }

    @Test
    void hasTheIdentityOfItsBytesAndSettingsNotOfItsPlace() throws IOException {
        String text = "text\tlabel\nx\ta\ny\tb\n";
        String identity = task(file("train.tsv", text)).identity();

        assertThat(task(file("elsewhere.tsv", text)).identity()).isEqualTo(identity);
        assertThat(task(file("other.tsv", text + "z\ta\n")).identity()).isNotEqualTo(identity);
        assertThat(task(Map.of("train", file("train.tsv", text)), List.of("b", "a"), null)
                        .identity())
                .isNotEqualTo(identity);
    }

    @Test
    void identityLeavesTestUnread() throws IOException {
        Path train = file("train.tsv", "text\tlabel\nx\ta\ny\tb\n");
        FileTask absent = task(Map.of("train", train, "test", folder.resolve("none.tsv")), List.of(), null);

        assertThat(absent.identity()).isEqualTo(task(train).identity());
    }

    private Path rows(String name, int count) throws IOException {
        String rows = IntStream.range(0, count)
                .mapToObj(i -> "text %s\t%s\n".formatted(i, i))
                .collect(Collectors.joining());
        return file(name, "text\tlabel\n" + rows);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static FileTask task(Path train) {
        return task(Map.of("train", train), List.of(), null);
    }

    private static FileTask task(Map<String, Path> files, List<String> labels, String metric) {
        return new FileTask(
                new FileTask.Source("t", new LinkedHashMap<>(files), List.of("text"), "label", labels, metric));
    }

    private static List<Example> all(Task task) {
        return List.of(task.examples("train"), task.examples("validation")).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static void assertYours(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessage(message);
    }
}
