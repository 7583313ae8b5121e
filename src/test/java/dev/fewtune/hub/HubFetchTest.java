package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.artifact.Manifest;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a healthy Hub gives. */
class HubFetchTest {
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
    void fetchesWhatABackboneReadsAndPinsTheCommit() throws IOException {
        Local local = open("hf:acme/tiny");
        assertThat(local).isEqualTo(new Local(TinyModel.folder(cache), TinyModel.COMMIT));
        assertThat(names(local.folder()))
                .containsExactly("config.json", "model.safetensors", "spiece.model", "tokenizer.json");
        for (String name : names(local.folder())) {
            assertThat(local.folder().resolve(name))
                    .hasBinaryContent(TinyModel.files().get(name));
        }
    }

    @Test
    void writesAManifestWithSizesAndHashes() throws IOException {
        open("hf:acme/tiny");
        Manifest manifest = new ObjectMapper()
                .readValue(
                        cache.resolve("acme--tiny/" + TinyModel.COMMIT + ".json")
                                .toFile(),
                        Manifest.class);
        assertThat(manifest.files()).hasSize(4);
        byte[] weights = TinyModel.files().get(TinyModel.WEIGHTS);
        assertThat(manifest.find(TinyModel.WEIGHTS))
                .contains(new Manifest.Entry(TinyModel.WEIGHTS, TinyModel.SIZE, new Served(weights, "").sha256()));
        byte[] config = TinyModel.files().get("config.json");
        assertThat(manifest.find("config.json"))
                .contains(new Manifest.Entry("config.json", config.length, new Served(config, "").sha256()));
    }

    @Test
    void fetchesTheShardsThatTheIndexLists() throws IOException {
        hub.push("main", TinyModel.COMMIT, TinyModel.sharded());
        assertThat(names(open("hf:acme/tiny").folder()))
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "spiece.model",
                        "tokenizer.json");
    }

    @Test
    void sendsTheTokenToTheHubAndToNoOtherHost() {
        hub.requireToken("hf_secret");
        HubSettings settings = new HubSettings(hub.endpoint(), "hf_secret", false, TinyModel.PATIENCE);
        TinyModel.models(cache, settings).open(TinyModel.id("hf:acme/tiny"), Progress.SILENT);
        assertThat(hub.seen())
                .filteredOn(request -> request.server().equals("hub"))
                .hasSizeGreaterThan(4)
                .allMatch(request -> request.authorization().equals("Bearer hf_secret"));
        assertThat(hub.seen())
                .filteredOn(request -> request.server().equals("store"))
                .hasSize(2)
                .allMatch(request -> request.authorization().isEmpty());
    }

    @Test
    void asksNothingForACommitThatIsHere() {
        open("hf:acme/tiny@" + TinyModel.COMMIT);
        int requests = hub.seen().size();
        assertThat(open("hf:acme/tiny@" + TinyModel.COMMIT).hash()).isEqualTo(TinyModel.COMMIT);
        assertThat(hub.seen()).hasSize(requests);
    }

    @Test
    void asksOnlyForTheCommitOfABranchThatIsHere() {
        open("hf:acme/tiny");
        int requests = hub.seen().size();
        open("hf:acme/tiny@main");
        assertThat(hub.seen()).hasSize(requests + 1).last().matches(request -> request.file()
                .equals(LoopbackHub.LISTING));
    }

    @Test
    void followsABranchAndKeepsTheEarlierCommit() {
        open("hf:acme/tiny");
        Map<String, byte[]> later = TinyModel.files();
        later.put(TinyModel.WEIGHTS, TinyModel.weights(9, 1_000));
        hub.push("main", TinyModel.LATER, later);
        Local moved = open("hf:acme/tiny");
        assertThat(moved.hash()).isEqualTo(TinyModel.LATER);
        assertThat(moved.folder().resolve(TinyModel.WEIGHTS)).hasSize(1_000);
        assertThat(open("hf:acme/tiny@" + TinyModel.COMMIT).folder().resolve(TinyModel.WEIGHTS))
                .hasSize(TinyModel.SIZE);
    }

    @Test
    void takesABranchWithASlashInItsName() {
        hub.push("refs/pr/1", TinyModel.LATER, TinyModel.files());
        assertThat(open("hf:acme/tiny@refs/pr/1").hash()).isEqualTo(TinyModel.LATER);
    }

    @Test
    void followsARepositoryToItsNewName() {
        hub.move("acme-research", "tiny-1");
        assertThat(open("hf:acme/tiny").folder()).isEqualTo(TinyModel.folder(cache));
    }

    @Test
    void checksFilesByTheHeadersOfAMirrorThatListsNamesOnly() {
        hub.listNamesOnly();
        hub.plan(TinyModel.WEIGHTS, Served.damaged());
        hub.plan("config.json", Served.damaged());
        Heard heard = new Heard();
        Local local = TinyModel.models(hub.endpoint(), cache).open(TinyModel.id("hf:acme/tiny"), heard);
        assertThat(local.folder().resolve(TinyModel.WEIGHTS))
                .hasBinaryContent(TinyModel.files().get(TinyModel.WEIGHTS));
        assertThat(local.folder().resolve("config.json"))
                .hasBinaryContent(TinyModel.files().get("config.json"));
        assertThat(heard.lines)
                .filteredOn(line -> line.contains("came damaged"))
                .hasSize(2);
    }

    @Test
    void tellsProgressInBytesThatOnlyGrow() {
        Heard heard = new Heard();
        TinyModel.models(hub.endpoint(), cache).open(TinyModel.id("hf:acme/tiny"), heard);
        long total = names(TinyModel.folder(cache)).stream()
                .mapToLong(name -> TinyModel.files().get(name).length)
                .sum();
        assertThat(heard.done).isSorted().last().isEqualTo(total);
        assertThat(heard.totals).containsOnly(total);
        assertThat(heard.lines)
                .anyMatch(line -> line.contains("hf:acme/tiny@" + TinyModel.COMMIT) && line.contains(total + " bytes"));
    }

    private Local open(String id) {
        return TinyModel.models(hub.endpoint(), cache).open(TinyModel.id(id), Progress.SILENT);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
