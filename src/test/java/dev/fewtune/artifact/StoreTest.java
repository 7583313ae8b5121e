package dev.fewtune.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path root;

    private Store store;

    @BeforeEach
    void open() {
        store = new Store(root);
    }

    @Test
    void keepsEveryFileUnderItsHashAndSaysSoInTheManifest() throws IOException {
        Path draft = store.draft("1-2-3");
        Files.createDirectories(draft.resolve("b"));
        Files.writeString(draft.resolve("b/two.txt"), "abc");
        Files.writeString(draft.resolve("a.txt"), "abc");
        Manifest manifest = store.commit(draft);
        assertThat(manifest.files())
                .containsExactly(new Manifest.Entry("a.txt", 3, ABC), new Manifest.Entry("b/two.txt", 3, ABC));
        assertThat(manifest.find("b/two.txt")).isPresent();
        assertThat(manifest.find("c")).isEmpty();
        assertThat(store.path(manifest.files().get(0))).hasContent("abc");
        assertThat(draft).doesNotExist();
    }

    @Test
    void storesTheSameContentOnce() throws IOException {
        for (int attempt = 1; attempt <= 2; attempt++) {
            Path draft = store.draft("1-1-" + attempt);
            Files.writeString(draft.resolve("same"), "same");
            assertThat(store.path(store.commit(draft).files().get(0))).hasContent("same");
        }
        assertThat(blobs()).hasSize(1);
    }

    @Test
    void listsDraftsAndKeptFoldersAndDropsADraft() throws IOException {
        assertThat(store.drafts()).isEmpty();
        assertThat(store.kept()).isEmpty();
        Path draft = store.draft("1-1-1");
        Files.writeString(draft.resolve("half"), "a");
        store.kept("1-1-1");
        assertThat(store.drafts()).containsExactly(draft);
        assertThat(store.kept()).containsExactly(root.resolve("kept/1-1-1"));
        store.discard("1-1-1");
        assertThat(draft).doesNotExist();
        store.discard("1-1-1");
    }

    @Test
    void takesWriteRightsFromABlob() throws IOException {
        Path draft = store.draft("1-1-1");
        Files.writeString(draft.resolve("a"), "abc");
        Path blob = store.path(store.commit(draft).files().get(0));
        assertThat(Files.getPosixFilePermissions(blob))
                .noneMatch(permission -> permission.name().endsWith("WRITE"));
    }

    @Test
    void givesNoManifestWhereTheDiskIsFull() throws IOException {
        for (boolean atForce : new boolean[] {true, false}) {
            Store full = new Store(root, full(atForce));
            Path draft = full.draft("1-1-1");
            Files.writeString(draft.resolve("big"), "never stored");
            assertThatThrownBy(() -> full.commit(draft))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space");
            assertThat(blobs()).isEmpty();
        }
    }

    @Test
    void storesAFileThatAFullDiskKeptOutBefore() throws IOException {
        Path draft = store.draft("1-1-1");
        Files.writeString(draft.resolve("a"), "abc");
        assertThatThrownBy(() -> new Store(root, full(false)).commit(draft)).isInstanceOf(IOException.class);
        assertThat(store.path(store.commit(draft).files().get(0))).hasContent("abc");
    }

    @Test
    void replacesABlobThatACrashLeftShort() throws IOException {
        Path blob = store.path(new Manifest.Entry("a", 3, ABC));
        Files.createDirectories(blob.getParent());
        Files.writeString(blob, "a");
        blob.toFile().setReadOnly();
        Path draft = store.draft("1-1-1");
        Files.writeString(draft.resolve("a"), "abc");
        assertThat(store.path(store.commit(draft).files().get(0))).hasContent("abc");
    }

    @Test
    void emptiesADraftThatAKilledAttemptLeft() throws IOException {
        Path left = store.draft("1-1-1");
        Files.createDirectories(left.resolve("deep"));
        Files.writeString(left.resolve("deep/half"), "half");
        assertThat(store.draft("1-1-1")).isEmptyDirectory();
    }

    @Test
    void refusesALinkOutOfTheDraft() throws IOException {
        Path draft = store.draft("1-1-1");
        Files.createSymbolicLink(draft.resolve("link"), Files.writeString(root.resolve("secret"), "secret"));
        assertThatThrownBy(() -> store.commit(draft)).hasMessageContaining("link is not a regular file");
    }

    @Test
    void keepsAFolderUntilItIsForgotten() throws IOException {
        Files.writeString(store.kept("1-1").resolve("last"), "state");
        assertThat(store.kept("1-1").resolve("last")).exists();
        store.forget("1-1");
        assertThat(store.kept("1-1")).isEmptyDirectory();
    }

    @Test
    void noticesThatItCannotBeWritten() throws IOException {
        store.requireWritable();
        Store onAFile = new Store(Files.writeString(root.resolve("file"), "no folder"));
        assertThatThrownBy(onAFile::requireWritable).isInstanceOf(IOException.class);
    }

    private List<Path> blobs() throws IOException {
        Files.createDirectories(root.resolve("blobs"));
        try (Stream<Path> files = Files.walk(root.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Disk full(boolean atForce) {
        return new Disk() {
            @Override
            public void force(Path file) throws IOException {
                if (atForce) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void rename(Path from, Path to) throws IOException {
                throw new IOException("No space left on device");
            }
        };
    }
}
