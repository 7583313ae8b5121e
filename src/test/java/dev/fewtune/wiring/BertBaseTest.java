package dev.fewtune.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.hub.HubSettings;
import dev.fewtune.hub.Models;
import dev.fewtune.hub.Patience;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.step.Catalogs;
import dev.fewtune.step.Model;
import dev.fewtune.step.Workshop;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.workflow.WorkflowReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertBaseTest {
    private static final String WAY_OUT = "build it with -Pbert-base (408 MB)";

    @TempDir
    Path folder;

    @Test
    void isListedWithItsSizeInEveryBuild() {
        assertThat(spec().parameters()).isBetween(108_000_000L, 111_000_000L);
        assertThat(spec().maxLength()).isEqualTo(512);
    }

    @Test
    void sentenceSaysTheWayOutOfABuildWithoutIt() {
        assumeFalse(isThere(), "this build has BERT-base (profile bert-base)");

        assertThat(spec().absent()).contains(WAY_OUT);
        assertThat(new WorkflowReader(Catalogs.builtIn())
                        .read("x.yaml", OwnModels.workflow("bert-base"), folder)
                        .problems())
                .anySatisfy(problem -> {
                    assertThat(problem.message()).contains("this build is without BERT-base");
                    assertThat(problem.maybe()).contains(WAY_OUT);
                });
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> bench().model("bert-base", Progress.SILENT))
                .withMessageContaining(WAY_OUT)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS));
    }

    @Test
    void readsTextsAsUncasedBertDoes() {
        assumeTrue(isThere(), "this build is without BERT-base; it needs the profile bert-base");

        Model model = bench().model("bert-base", Progress.SILENT);
        try (Tokenizer tokenizer = model.tokenizer()) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(model.spec().vocabulary());
            assertThat(tokenizer
                            .encode(List.of("Hello, world"), null, 16)
                            .get(0)
                            .ids())
                    .containsExactly(101, 7592, 1010, 2088, 102);
        }
    }

    @Test
    void goesFromAWorkflowToItsBoard() throws Exception {
        assumeTrue(isThere(), "this build is without BERT-base; it needs the profile bert-base");

        OwnModels.data(folder);
        Workshop workshop = new Workshop(folder, OwnModels.workflow("bert-base"), bench()).all();
        assertThat(workshop.text("board", "board.txt")).contains("bert-base").contains("lora");
    }

    private static boolean isThere() {
        return spec().absent().isEmpty();
    }

    private static BackboneSpec spec() {
        return Catalogs.builtIn().backbone("bert-base").orElseThrow();
    }

    private LocalBench bench() {
        HubSettings settings = new HubSettings(HubSettings.DEFAULT_ENDPOINT, "", true, Patience.USUAL);
        return new LocalBench(
                folder.resolve("cache"), new Models(folder.resolve("hub"), settings, Clock.systemUTC()), "test");
    }
}
