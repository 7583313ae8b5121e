package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.backbone.TinyBert;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.text.Tokens;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitsTest {
    @ParameterizedTest
    @CsvSource({
        "40, Maybe max_length: 24.",
        "60, Maybe fewer rows before the text.",
        "300, Maybe fewer rows before the text.",
    })
    void saysWhatAPromptLeavesOfTheInputAndAWayOut(int before, String way) {
        Encoded split =
                new Encoded(List.of("a"), List.of(new Tokens(new int[29], new int[29], false)), new double[] {0});
        assertThatThrownBy(() -> Splits.requireRoom(new TinyBert().spec(), before, 0, split))
                .isInstanceOf(CellFailure.class)
                .hasMessage(
                        "A text of 29 tokens (padded to a multiple of 2) does not fit into tiny, which reads 64, of "
                                + "which the method takes %s. %s",
                        before, way);
    }
}
