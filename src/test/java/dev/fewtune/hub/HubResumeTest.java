package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad networks and bad servers. */
class HubResumeTest {
    private static final int CUT = 100_000;

    @TempDir
    Path cache;

    private final Heard heard = new Heard();
    private LoopbackHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new LoopbackHub();
        hub.push("main", TinyModel.COMMIT, TinyModel.files());
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void goesOnWhereTheConnectionWasCut() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(CUT), cutAfter(50_000));
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "bytes=100000-", "bytes=150000-");
        assertThat(hub.seen("store", TinyModel.WEIGHTS))
                .extracting(LoopbackHub.Seen::ifRange)
                .containsExactly("", "\"store-1\"", "\"store-1\"");
        assertThat(heard.lines)
                .anyMatch(line -> line.contains("model.safetensors of hf:acme/tiny@1111")
                        && line.contains("Trying again")
                        && line.contains("(2 of 4)"));
        assertThat(heard.done).isSorted();
    }

    @Test
    void goesOnWhereACancelledCallStopped() {
        assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> TinyModel.models(hub.endpoint(), cache)
                .open(TinyModel.id("hf:acme/tiny"), new Heard(20_000)));
        long kept = TinyModel.folder(cache)
                .resolve(TinyModel.WEIGHTS + ".part")
                .toFile()
                .length();
        assertThat(kept).isBetween(10_000L, TinyModel.SIZE - 1L);
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "bytes=" + kept + "-");
    }

    @Test
    void goesOnAfterAServerFellSilent() {
        CountDownLatch gate = new CountDownLatch(1);
        hub.plan(TinyModel.WEIGHTS, Served.silentAfter(CUT, gate));
        Patience impatient = new Patience(9, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(1));
        TinyModel.models(cache, new HubSettings(hub.endpoint(), "", false, impatient))
                .open(TinyModel.id("hf:acme/tiny"), heard);
        gate.countDown();
        assertWhole();
        assertThat(heard.lines).anyMatch(line -> line.contains("no byte came for 1.0 s"));
    }

    @Test
    void startsAnewWhereTheServerIgnoresRanges() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(CUT), Served.ignoringRanges());
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "bytes=100000-");
    }

    @Test
    void startsAnewWhereTheContentIsNoLongerTheSame() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(CUT, "\"store-0\""));
        open();
        assertWhole();
        assertThat(hub.seen("store", TinyModel.WEIGHTS))
                .extracting(LoopbackHub.Seen::ifRange)
                .containsExactly("", "\"store-0\"");
        assertThat(heard.lines).noneMatch(line -> line.contains("damaged"));
    }

    @Test
    void neverJoinsPartsOfDifferentContents() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(CUT), Served.partOfOther("\"store-2\""));
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "bytes=100000-", "");
        assertThat(heard.lines).anyMatch(line -> line.contains("sent other bytes than those from 100000 on"));
    }

    @Test
    void refusesAPartThatWasNotAskedFor() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(CUT), Served.wrongPart());
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "bytes=100000-", "");
        assertThat(heard.lines)
                .anyMatch(line -> line.contains("sent other bytes than those from 100000 on"))
                .noneMatch(line -> line.contains("damaged"));
    }

    @Test
    void startsAnewWhereTheServerHasNoSuchRange() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(CUT), Served.noSuchRange());
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "bytes=100000-", "");
    }

    @Test
    void startsAnewWhereTheEntityTagPromisesNothing() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(CUT, "W/\"store-1\""));
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "");
    }

    @Test
    void triesAgainAfterServerErrorsAndTooManyRequests() {
        hub.plan(LoopbackHub.LISTING, Served.status(503), Served.statusWithWait(429, "1"), Served.status(500));
        hub.plan("config.json", Served.status(502));
        hub.plan(TinyModel.WEIGHTS, Served.status(503));
        open();
        assertWhole();
        assertThat(heard.lines)
                .filteredOn(line -> line.contains("Trying again"))
                .hasSize(5);
    }

    @Test
    void asksTheHubForANewAddressWhereTheSignedOneIsTooOld() {
        hub.plan(TinyModel.WEIGHTS, Served.status(403));
        open();
        assertWhole();
        assertThat(hub.seen("hub", TinyModel.WEIGHTS)).hasSize(2);
    }

    @Test
    void givesUpAfterABoundedNumberOfTries() {
        hub.plan(LoopbackHub.LISTING, Served.status(503), Served.status(503), Served.status(503), Served.status(503));
        assertFailure(
                Cause.TRANSIENT,
                "The list of files of hf:acme/tiny@main could not be fetched from " + hub.endpoint(),
                "127.0.0.1 answered 503 (4 tries)",
                "HF_HUB_OFFLINE=1");
        assertThat(hub.seen()).hasSize(4);
    }

    @Test
    void givesUpOnAFileWhoseConnectionIsCutAgainAndAgainAndKeepsWhatCame() {
        hub.plan(TinyModel.WEIGHTS, cutAfter(1_000), cutAfter(1_000), cutAfter(1_000), cutAfter(1_000));
        assertFailure(Cause.TRANSIENT, "model.safetensors of hf:acme/tiny@1111", "(4 tries)");
        assertThat(TinyModel.folder(cache).resolve("model.safetensors.part")).hasSize(4_000);
        open();
        assertWhole();
    }

    @Test
    void doesNotCountTriesThatBroughtAMebibyte() {
        int size = 9 * (1 << 20);
        Map<String, byte[]> files = TinyModel.files();
        files.put(TinyModel.WEIGHTS, TinyModel.weights(5, size));
        hub.push("main", TinyModel.COMMIT, files);
        for (int cut = 0; cut < 8; cut++) {
            hub.plan(TinyModel.WEIGHTS, cutAfter(1 << 20));
        }
        open();
        assertThat(TinyModel.folder(cache).resolve(TinyModel.WEIGHTS)).hasBinaryContent(files.get(TinyModel.WEIGHTS));
        assertThat(ranges()).hasSize(9);
    }

    @Test
    void saysThatNobodyListensAtTheEndpoint() {
        hub.close();
        assertFailure(Cause.TRANSIENT, "could not be fetched from " + hub.endpoint(), "(4 tries)");
    }

    @Test
    void fetchesADamagedFileOnceMore() {
        hub.plan(TinyModel.WEIGHTS, Served.damaged());
        open();
        assertWhole();
        assertThat(ranges()).containsExactly("", "");
    }

    @Test
    void namesTheChecksumsOfAFileThatComesDamagedTwice() {
        hub.plan(TinyModel.WEIGHTS, Served.damaged(), Served.damaged());
        assertFailure(
                Cause.TRANSIENT,
                "model.safetensors of hf:acme/tiny@1111",
                "came damaged 2 times: expected 300000 bytes with SHA-256 "
                        + new Served(TinyModel.files().get(TinyModel.WEIGHTS), "").sha256(),
                "found 300000 bytes with SHA-256 ");
        assertThat(TinyModel.folder(cache).toFile().list())
                .doesNotContain(TinyModel.WEIGHTS, TinyModel.WEIGHTS + ".part");
        open();
        assertWhole();
    }

    @Test
    void namesTheGitHashesOfASmallFileThatComesDamagedTwice() {
        hub.plan("tokenizer.json", Served.damaged(), Served.damaged());
        assertFailure(
                Cause.TRANSIENT,
                "tokenizer.json of",
                "expected 2 bytes with git hash " + new Served(TinyModel.bytes("{}"), "").gitBlob());
    }

    @Test
    void takesAWholeAnswerOfTheWrongLengthForDamaged() {
        hub.plan(TinyModel.WEIGHTS, Served.shortened(5_000), Served.shortened(5_000));
        assertFailure(Cause.TRANSIENT, "expected 300000 bytes", "found 5000 bytes");
    }

    @Test
    void stopsReadingAFileThatIsLongerThanItShouldBe() {
        hub.claimSize(TinyModel.WEIGHTS, 1_000);
        assertFailure(Cause.TRANSIENT, "expected 1000 bytes");
        assertThat(heard.lines)
                .anyMatch(line -> line.contains("expected 1000 bytes"))
                .noneMatch(line -> line.contains("found 300000 bytes"));
    }

    private LoopbackHub.Reply cutAfter(int count) {
        return Served.cutAfter(count, this::arrived);
    }

    private LoopbackHub.Reply cutAfter(int count, String etag) {
        return Served.cutAfter(count, etag, this::arrived);
    }

    private long arrived() {
        return TinyModel.folder(cache)
                .resolve(TinyModel.WEIGHTS + ".part")
                .toFile()
                .length();
    }

    private void open() {
        assertThat(TinyModel.models(hub.endpoint(), cache)
                        .open(TinyModel.id("hf:acme/tiny"), heard)
                        .hash())
                .isEqualTo(TinyModel.COMMIT);
    }

    private void assertWhole() {
        assertThat(TinyModel.folder(cache).resolve(TinyModel.WEIGHTS))
                .hasBinaryContent(TinyModel.files().get(TinyModel.WEIGHTS));
        assertThat(TinyModel.folder(cache).toFile().list())
                .containsExactlyInAnyOrder("config.json", "tokenizer.json", "spiece.model", TinyModel.WEIGHTS);
    }

    private List<String> ranges() {
        return hub.seen("store", TinyModel.WEIGHTS).stream()
                .map(LoopbackHub.Seen::range)
                .toList();
    }

    private void assertFailure(Cause cause, String... says) {
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> TinyModel.models(hub.endpoint(), cache).open(TinyModel.id("hf:acme/tiny"), heard))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(cause);
                    assertThat(failure.getMessage()).contains(says).doesNotContain("signature");
                });
        assertThat(Files.exists(cache.resolve("acme--tiny").resolve(TinyModel.COMMIT + ".json")))
                .isFalse();
    }
}
