package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.backbone.Backbones;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import org.junit.jupiter.api.Test;

class ReadWeightsTest {
    @Test
    void readsATextAsTheModelDoesWithAndWithoutItsSpecialTokens() {
        ReadWeights miniLm = new ReadWeights(
                Backbones.ALL.stream()
                        .filter(backbone -> backbone.spec().name().equals("minilm-l6"))
                        .findFirst()
                        .orElseThrow(),
                null);
        assertThat(miniLm.tokens("Good movie", true)).containsExactly(101, 2204, 3185, 102);
        assertThat(miniLm.tokens("Good movie", false)).containsExactly(2204, 3185);
    }

    @Test
    void saysThatABackboneHasNoTokenizerAndWhatToDo() {
        assertThatThrownBy(() -> new ReadWeights(new TinyBert(), null).tokens("good", true))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessageContaining("The text 'good' cannot be turned into tokens: tiny has no tokenizer.json.")
                .hasMessageContaining("Maybe init: vocab");
    }
}
