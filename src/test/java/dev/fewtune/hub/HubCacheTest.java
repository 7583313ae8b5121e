package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fewtune.spec.CancelledException;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as being in the cache folder, and what does not. */
class HubCacheTest {
    @TempDir
    Path cache;

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
    void worksOfflineWithABranchOrACommitThatIsHere() {
        Local local = open("hf:acme/tiny");
        hub.close();
        assertThat(openOffline("hf:acme/tiny")).isEqualTo(local);
        assertThat(openOffline("hf:acme/tiny@" + TinyModel.COMMIT)).isEqualTo(local);
    }

    @Test
    void saysOfflineThatAModelWasNeverFetched() {
        assertMissing("hf:acme/tiny", "hf:acme/tiny@main", "Missing under " + cache, "which commit main is");
        assertMissing("hf:acme/tiny@" + TinyModel.COMMIT, "all files");
        assertThat(hub.seen()).isEmpty();
    }

    @Test
    void namesOfflineAFileThatIsGoneOrCutOff() throws IOException {
        Path folder = open("hf:acme/tiny").folder();
        Files.delete(folder.resolve("tokenizer.json"));
        Files.write(folder.resolve(TinyModel.WEIGHTS), new byte[10]);
        assertMissing("hf:acme/tiny", "tokenizer.json, model.safetensors (10 of 300000 bytes)");
    }

    @Test
    void namesOfflineAFileThatIsHalfFetched() {
        cancelHalfWay();
        assertMissing("hf:acme/tiny", "model.safetensors (cut off), the files that were still to come");
    }

    @Test
    void takesAModelWithoutItsManifestForUnfinished() throws IOException {
        open("hf:acme/tiny");
        Path manifest = cache.resolve("acme--tiny").resolve(TinyModel.COMMIT + ".json");
        Files.writeString(manifest, Files.readString(manifest).substring(0, 40));
        assertMissing("hf:acme/tiny", "the files that were still to come");
    }

    @Test
    void fetchesOnlyTheFilesThatAreDamaged() throws IOException {
        Path folder = open("hf:acme/tiny").folder();
        Files.write(folder.resolve("spiece.model"), new byte[10]);
        open("hf:acme/tiny");
        assertThat(folder.resolve("spiece.model"))
                .hasBinaryContent(TinyModel.files().get("spiece.model"));
        assertThat(hub.seen("store", "spiece.model")).hasSize(2);
        assertThat(hub.seen("store", TinyModel.WEIGHTS)).hasSize(1);
    }

    @Test
    void readsTheFilesOfAnUnfinishedModelBeforeItTrustsThem() throws IOException {
        Path folder = open("hf:acme/tiny").folder();
        Files.delete(cache.resolve("acme--tiny").resolve(TinyModel.COMMIT + ".json"));
        byte[] other = TinyModel.files().get(TinyModel.WEIGHTS);
        other[5] ^= 1;
        Files.write(folder.resolve(TinyModel.WEIGHTS), other);
        open("hf:acme/tiny");
        assertThat(folder.resolve(TinyModel.WEIGHTS))
                .hasBinaryContent(TinyModel.files().get(TinyModel.WEIGHTS));
    }

    @Test
    void takesNothingForWholeThatAFullDiskCutOff() throws IOException {
        assumeThat(Path.of("/dev/full"))
                .as("this machine has no device that is always full")
                .exists();
        Files.createDirectories(TinyModel.folder(cache));
        Path part = TinyModel.folder(cache).resolve(TinyModel.WEIGHTS + ".part");
        Files.createSymbolicLink(part, Path.of("/dev/full"));
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> open("hf:acme/tiny"))
                .withMessageContaining("model.safetensors.part cannot be used: No space left on device")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.RESOURCE));
        assertThat(hub.seen("store", TinyModel.WEIGHTS)).hasSize(1);
        assertMissing("hf:acme/tiny", "model.safetensors (cut off)");
        Files.delete(part);
        assertThat(open("hf:acme/tiny").folder().resolve(TinyModel.WEIGHTS)).hasSize(TinyModel.SIZE);
    }

    @Test
    void saysBeforeItStartsThatTheDiskIsTooSmall() {
        hub.claimSize(TinyModel.WEIGHTS, 1L << 60);
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> open("hf:acme/tiny"))
                .withMessageContaining("bytes free, and 1152921504606846976 more are to be fetched")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.RESOURCE));
        assertThat(hub.seen("hub", TinyModel.WEIGHTS)).isEmpty();
    }

    @Test
    void namesACacheFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(cache.resolve("file"), "no folder");
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() ->
                        TinyModel.models(hub.endpoint(), file).open(TinyModel.id("hf:acme/tiny"), Progress.SILENT))
                .withMessageContaining(file.toString())
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.RESOURCE));
    }

    private void cancelHalfWay() {
        assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> TinyModel.models(hub.endpoint(), cache)
                .open(TinyModel.id("hf:acme/tiny"), new Heard(20_000)));
    }

    private Local open(String id) {
        return TinyModel.models(hub.endpoint(), cache).open(TinyModel.id(id), Progress.SILENT);
    }

    private Local openOffline(String id) {
        return TinyModel.models(cache, new HubSettings(hub.endpoint(), "", true, TinyModel.PATIENCE))
                .open(TinyModel.id(id), Progress.SILENT);
    }

    private void assertMissing(String id, String... says) {
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> openOffline(id))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Cause.YOURS);
                    assertThat(failure.getMessage())
                            .contains(says)
                            .contains("HF_HUB_OFFLINE is set", "Maybe unset HF_HUB_OFFLINE once");
                });
    }
}
