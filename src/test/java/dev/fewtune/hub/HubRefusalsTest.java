package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no second try would mend: said at once, and asked for once. */
class HubRefusalsTest {
    private static final String PINNED = "hf:acme/tiny@" + TinyModel.COMMIT;

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
    void namesTheVariableOfATokenThatIsMissing() {
        hub.requireToken("hf_right");
        assertRefused(
                "hf:acme/tiny",
                "",
                "shows no hf:acme/tiny@main to everybody (401)",
                "then set HF_TOKEN",
                "It says: Invalid username or password.");
    }

    @Test
    void namesTheVariableOfATokenThatIsNotTakenAndNotTheToken() {
        hub.requireToken("hf_right");
        assertRefused("hf:acme/tiny", "hf_wrong", "refused hf:acme/tiny@main (401) to the token in HF_TOKEN");
    }

    @Test
    void saysThatAModelIsGated() {
        hub.gate();
        assertRefused("hf:acme/tiny", "", PINNED + " is gated (401), and HF_TOKEN is not set.", "accept its terms");
        assertRefused(
                "hf:acme/tiny",
                "hf_wrong",
                PINNED + " is gated (403), and the account of the token in HF_TOKEN has no access.");
    }

    @Test
    void saysThatThereIsNoSuchModel() {
        assertRefused("hf:acme/huge", "", "There is no model hf:acme/huge at " + hub.endpoint());
    }

    @Test
    void saysThatThereIsNoSuchRevision() {
        assertRefused("hf:acme/tiny@v9", "", "hf:acme/tiny has no revision v9. Maybe leave out the @");
        assertRefused("hf:acme/tiny@" + TinyModel.LATER, "", "hf:acme/tiny has no revision " + TinyModel.LATER);
    }

    @Test
    void namesBothWhereAMirrorDoesNotSayWhichIsMissing() {
        hub.plan(LoopbackHub.LISTING, Served.status(404));
        assertRefused("hf:acme/tiny@v9", "", "There is no model hf:acme/tiny", "or it has no revision v9");
    }

    @Test
    void namesAFileThatIsListedButNotThere() {
        hub.plan("tokenizer.json", Served.status(404));
        assertRefused("hf:acme/tiny", "", PINNED + " has no file tokenizer.json.");
    }

    @Test
    void saysThatARepositoryHasNoConfiguration() {
        hub.push("main", TinyModel.COMMIT, Map.of("adapter_config.json", TinyModel.bytes("{}")));
        assertRefused("hf:acme/tiny", "", "has no config.json; it has adapter_config.json. Maybe");
    }

    @Test
    void saysThatARepositoryHasNoSafetensors() {
        Map<String, byte[]> files = TinyModel.files();
        files.remove(TinyModel.WEIGHTS);
        hub.push("main", TinyModel.COMMIT, files);
        assertRefused(
                "hf:acme/tiny",
                "",
                "has neither model.safetensors nor model.safetensors.index.json; it has",
                "pytorch_model.bin",
                "Maybe another revision has safetensors");
        assertThat(hub.seen()).allMatch(request -> request.file().equals(LoopbackHub.LISTING));
    }

    @Test
    void namesAShardThatTheRepositoryLacks() {
        Map<String, byte[]> files = TinyModel.sharded();
        files.remove("model-00002-of-00002.safetensors");
        hub.push("main", TinyModel.COMMIT, files);
        assertRefused("hf:acme/tiny", "", "lists model-00002-of-00002.safetensors, which the repository lacks");
    }

    @Test
    void takesNoFileOutsideTheFolderFromAnIndex() {
        Map<String, byte[]> files = TinyModel.sharded();
        files.put(TinyModel.INDEX, TinyModel.bytes("{\"weight_map\": {\"a\": \"../../x.safetensors\"}}"));
        hub.push("main", TinyModel.COMMIT, files);
        assertRefused("hf:acme/tiny", "", "lists \"../../x.safetensors\", which is not the name of");
    }

    @Test
    void saysThatAnIndexCannotBeRead() {
        Map<String, byte[]> files = TinyModel.sharded();
        files.put(TinyModel.INDEX, TinyModel.bytes("{\"weight_map\": "));
        hub.push("main", TinyModel.COMMIT, files);
        assertRefused("hf:acme/tiny", "", "model.safetensors.index.json of hf:acme/tiny@1111", "is not good JSON");
        files.put(TinyModel.INDEX, TinyModel.bytes("{}"));
        hub.push("main", TinyModel.LATER, files);
        assertRefused("hf:acme/tiny", "", "has no weight_map");
    }

    @Test
    void saysThatTheEndpointIsNoHub() {
        hub.plan(LoopbackHub.LISTING, (exchange, served) -> Served.of("<html>Welcome")
                .whole(exchange));
        assertRefused("hf:acme/tiny", "", "does not answer as the Hub does", "Maybe HF_ENDPOINT is wrong");
        hub.plan(LoopbackHub.LISTING, (exchange, served) -> Served.of("{\"sha\": \"../x\"}")
                .whole(exchange));
        assertRefused("hf:acme/tiny", "", "it has no commit and no files");
    }

    private void assertRefused(String id, String token, String... says) {
        int before = hub.seen().size();
        HubSettings settings = new HubSettings(hub.endpoint(), token, false, TinyModel.PATIENCE);
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> TinyModel.models(cache, settings).open(TinyModel.id(id), Progress.SILENT))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Cause.YOURS);
                    assertThat(failure.getMessage()).contains(says).doesNotContain("hf_wrong");
                });
        assertThat(hub.seen().subList(before, hub.seen().size()))
                .extracting(request -> request.server() + " " + request.file())
                .doesNotHaveDuplicates();
    }
}
