package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
    @TempDir
    Path root;

    private Path folder;
    private Models models;

    @BeforeEach
    void save() throws IOException {
        folder = Files.createDirectories(root.resolve("model"));
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("model.safetensors"), "weights");
        models = models(Clock.systemUTC());
    }

    @Test
    void saysHowAFolderAndAModelOfTheHubAreCalled() {
        assertFailure(new ModelId.BuiltIn("minilm"), "There is no model minilm.", "./ before it", "hf:org/name");
    }

    @Test
    void identifiesAFolderByTheContentOfItsFiles() throws IOException {
        Local local = open();
        assertThat(local.folder()).isEqualTo(folder);
        assertThat(local.hash()).matches("[0-9a-f]{64}");
        Path copy = Files.createDirectories(root.resolve("elsewhere"));
        Files.copy(folder.resolve("config.json"), copy.resolve("config.json"));
        Files.copy(folder.resolve("model.safetensors"), copy.resolve("model.safetensors"));
        assertThat(models.open(new ModelId.Folder(copy), Progress.SILENT).hash())
                .isEqualTo(local.hash());
    }

    @Test
    void seesEveryChangeOfAModelsFiles() throws IOException {
        String before = open().hash();
        Files.writeString(folder.resolve("model.safetensors"), "Weights");
        String changed = open().hash();
        Files.move(folder.resolve("model.safetensors"), folder.resolve("model2.safetensors"));
        String renamed = open().hash();
        Files.writeString(folder.resolve("tokenizer.json"), "");
        assertThat(new String[] {before, changed, renamed, open().hash()}).doesNotHaveDuplicates();
    }

    @Test
    void doesNotCareAboutFilesThatNoModelReads() throws IOException {
        String before = open().hash();
        Files.writeString(folder.resolve("README.md"), "about");
        Files.createDirectories(folder.resolve("runs.json"));
        assertThat(open().hash()).isEqualTo(before);
    }

    @Test
    void readsAFileAgainOnlyWhereItMayHaveChanged() throws IOException {
        Path weights = folder.resolve("model.safetensors");
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(weights, longAgo);
        String first = open().hash();
        // A write that leaves size, time and place as they were is not seen: so it is known that nothing was read.
        Files.writeString(weights, "Weights");
        Files.setLastModifiedTime(weights, longAgo);
        assertThat(open().hash()).isEqualTo(first);
        Files.setLastModifiedTime(weights, FileTime.from(longAgo.toInstant().plusSeconds(1)));
        assertThat(open().hash()).isNotEqualTo(first);
    }

    @Test
    void readsAFileAgainThatMayHaveChangedWithinOneStepOfTheFileSystemsClock() throws IOException {
        Instant written = Instant.now().minus(Duration.ofHours(1));
        models = models(Clock.fixed(written.plusSeconds(1), ZoneOffset.UTC));
        Path weights = folder.resolve("model.safetensors");
        Files.setLastModifiedTime(weights, FileTime.from(written));
        String first = open().hash();
        Files.writeString(weights, "Weights");
        Files.setLastModifiedTime(weights, FileTime.from(written));
        assertThat(open().hash()).isNotEqualTo(first);
    }

    @Test
    void saysThatThereIsNoSuchFolder() {
        assertFailure(
                new ModelId.Folder(root.resolve("google/t5")),
                "There is no folder " + root.resolve("google/t5"),
                "Maybe a model of the Hub is meant: hf:org/name.");
        assertFailure(new ModelId.Folder(folder.resolve("config.json")), "Maybe name the folder that the file is in.");
    }

    @Test
    void saysThatAFolderHoldsNoModel() {
        assertFailure(
                new ModelId.Folder(root), root + " holds no file of a model", "Maybe it is one of its subfolders.");
    }

    private Models models(Clock clock) {
        HubSettings nowhere = new HubSettings(URI.create("http://127.0.0.1:1"), "", true, TinyModel.PATIENCE);
        return new Models(root.resolve("cache"), nowhere, clock);
    }

    private Local open() {
        return models.open(new ModelId.Folder(folder), Progress.SILENT);
    }

    private void assertFailure(ModelId id, String... says) {
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> models.open(id, Progress.SILENT))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Cause.YOURS);
                    assertThat(failure.getMessage()).contains(says);
                });
    }
}
