package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.artifact.Store;
import dev.fewtune.db.Tx;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What is kept and what is not, on every database. */
abstract class RetentionContract extends RunsFixture {
    @Inject
    Store store;

    @ConfigProperty(name = "fewtune.artifacts-dir")
    Path artifacts;

    @Test
    void keepsTheCheckpointsOfAFailedCellUntilItSucceeds() {
        RecordedStep.BROKEN.add("one");
        long run = submit(new Plans().cell("a", "light", "one", false).plan());
        ended(run);
        tidy(90);
        assertThat(kept(run + "-0-1").resolve("attempts")).hasContent("+");
        assertThat(draft(run + "-0-1")).doesNotExist();
        RecordedStep.BROKEN.clear();
        runs.retry(run, 0, "test");
        ended(run);
        gone(kept(run + "-0-1"));
        gone(draft(run + "-0-2"));
        assertThat(runs.artifact(run, 0, "attempts").orElseThrow()).hasContent("++");
    }

    @Test
    void sweepsWhatAKilledProcessLeftAndNothingThatIsInUse() throws IOException {
        RecordedStep.HELD.add("held");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "held", false, 0)
                .plan());
        running(run, 1, 1);
        Path endedDraft = Files.createDirectories(draft(run + "-0-1"));
        Files.writeString(endedDraft.resolve("half"), "half a file");
        Path needless = Files.createDirectories(kept(run + "-0-1"));
        Path unknown = Files.createDirectories(draft("999999-0-1"));
        Path oldUnknown = Files.createDirectories(draft("999999-0-2"));
        Files.setLastModifiedTime(oldUnknown, FileTime.from(Instant.now().minus(Duration.ofDays(91))));
        Path foreign = Files.createDirectories(draft("notes"));
        tidy(90);
        assertThat(endedDraft).doesNotExist();
        assertThat(needless).doesNotExist();
        assertThat(oldUnknown).doesNotExist();
        assertThat(unknown).exists();
        assertThat(foreign).exists();
        assertThat(draft(run + "-1-1")).exists();
        assertThat(kept(run + "-1-1").resolve("attempts")).exists();
        Files.delete(unknown);
        Files.delete(foreign);
        RecordedStep.HELD.clear();
        assertThat(ended(run).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void forgetsTheCheckpointsOfARunningCellThatStartedFromScratch() {
        RecordedStep.BROKEN.add("one");
        RecordedStep.HELD.add("board");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "board", true, 0)
                .plan());
        running(run, 1, 1);
        RecordedStep.BROKEN.clear();
        runs.retry(run, 0, "test");
        running(run, 1, 2);
        tidy(90);
        assertThat(kept(run + "-1-1")).doesNotExist();
        assertThat(kept(run + "-1-2")).exists();
        RecordedStep.HELD.clear();
        ended(run);
    }

    @Test
    void deletesOnlyTheLogsOfRunsThatEndedLongAgo() {
        RecordedStep.BROKEN.add("two");
        long old = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("a", "light", "two", false)
                .plan());
        long takenUpAgain = submit(new Plans().cell("a", "light", "one", false).plan());
        long young = submit(new Plans().cell("a", "light", "one", false).plan());
        ended(old);
        ended(takenUpAgain);
        ended(young);
        age(old, 100, 91);
        age(takenUpAgain, 100, 1);
        age(young, 89, 89);
        tidy(90);
        assertThat(runs.log(old, 0, 1, 0, 10)).isEmpty();
        assertThat(runs.metrics(old, 0, 1)).containsKey("length");
        assertThat(runs.cell(old, 0).attempts()).hasSize(1);
        assertThat(kept(old + "-1-1")).doesNotExist();
        assertThat(runs.log(takenUpAgain, 0, 1, 0, 10)).isNotEmpty();
        assertThat(runs.log(young, 0, 1, 0, 10)).isNotEmpty();
        tidy(30);
        assertThat(runs.log(young, 0, 1, 0, 10)).isEmpty();
    }

    @Test
    void refusesToKeepLogsForLessThanADay() {
        assertThatThrownBy(() -> new Retention(store, Clock.systemUTC(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FEWTUNE_LOGS_KEEP_DAYS (0) must be at least 1");
    }

    private void tidy(int keepDays) {
        new Retention(store, Clock.systemUTC(), keepDays).tidy();
    }

    private static void age(long run, int begun, int ended) {
        Tx.run(() -> RunRow.update(
                "createdAt = ?1, endedAt = ?2 where id = ?3",
                Instant.now().minus(Duration.ofDays(begun)),
                Instant.now().minus(Duration.ofDays(ended)),
                run));
    }

    /** The end of a cell is seen a moment before its worker has cleared up. */
    private static void gone(Path folder) {
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.notExists(folder));
    }

    private Path kept(String name) {
        return artifacts.resolve("kept").resolve(name);
    }

    private Path draft(String name) {
        return artifacts.resolve("drafts").resolve(name);
    }
}
