package dev.fewtune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdTest {
    private static final Path BASE = Path.of("/work/flows");

    @Test
    void readsTheNameOfABuiltInModel() {
        assertThat(parse(" minilm-l6 ")).isEqualTo(new ModelId.BuiltIn("minilm-l6"));
    }

    @ParameterizedTest
    @CsvSource({
        "./model, /work/flows/model",
        "models/t5, /work/flows/models/t5",
        "../t5, /work/t5",
        "., /work/flows",
        "/srv/t5/, /srv/t5"
    })
    void readsAPathAsOneThatBeginsAtTheWorkflow(String text, String path) {
        assertThat(parse(text)).isEqualTo(new ModelId.Folder(Path.of(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "hf:google/flan-t5-small, main",
        "hf:google/flan-t5-small@v1.0, v1.0",
        "hf:google/flan-t5-small@refs/pr/1, refs/pr/1",
        "hf:google/flan-t5-small@1111111111111111111111111111111111111111, 1111111111111111111111111111111111111111"
    })
    void readsARevisionOfTheHub(String text, String revision) {
        assertThat(parse(text)).isEqualTo(new ModelId.Hub("google", "flan-t5-small", revision));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minilm-l6", "/srv/t5", "hf:google/flan-t5-small@main"})
    void readsBackWhatItWrites(String text) {
        assertThat(parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'  '                     | The model is empty.",
                "hf:t5-small              | hf:t5-small) must have the form hf:org/name or hf:org/name@revision",
                "hf:a/b/c                 | hf:a/b/c) must have the form",
                "hf:/b                    | The organisation () of a model",
                "hf:a/                    | The name () of a model",
                "hf:a/b--c                | The name (b--c) of a model on the Hub must have 1 to 96",
                "hf:../etc                | The organisation (..) of a model",
                "hf:a/b@                  | The revision () of hf:a/b must be",
                "hf:a/b@two words         | The revision (two words) of hf:a/b must be",
                "hf:a/b@../../x           | The revision (../../x) of hf:a/b must be",
                "HF:a                     | The model (HF:a) must be a name",
                "mini lm                  | The model (mini lm) must be a name",
                "https://hub.test/a/b     | must not be an address. Maybe hf:a/b.",
                "https://hub.test         | must not be an address."
            })
    void saysWhatIsWrongWithAnId(String text, String says) {
        assertThatExceptionOfType(CellFailure.class)
                .isThrownBy(() -> parse(text))
                .withMessageContaining(says)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS));
    }

    @Test
    void tellsACommitFromABranch() {
        assertThat(new ModelId.Hub("a", "b", TinyModel.COMMIT).isPinned()).isTrue();
        assertThat(new ModelId.Hub("a", "b", "main").isPinned()).isFalse();
    }

    private static ModelId parse(String text) {
        return ModelId.parse(text, BASE);
    }
}
