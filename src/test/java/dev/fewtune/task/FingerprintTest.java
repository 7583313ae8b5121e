package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final Example ONE = new Example("test.tsv:2", "x", null, "a");
    private static final Example TWO = new Example("test.tsv:3", "y", null, "b");

    @Test
    void isTheSameForTheSameQuestionsWhereverTheyCameFrom() {
        assertThat(Fingerprint.of(List.of(ONE, TWO)))
                .matches("[0-9a-f]{64}")
                .isEqualTo(Fingerprint.of(List.of(new Example("other.csv:9", "x", null, "a"), TWO)));
    }

    @Test
    void changesWithTextLabelAndOrder() {
        String before = Fingerprint.of(List.of(ONE, TWO));

        assertThat(Fingerprint.of(List.of(TWO, ONE))).isNotEqualTo(before);
        assertThat(Fingerprint.of(List.of(ONE))).isNotEqualTo(before);
        assertThat(Fingerprint.of(List.of(new Example("test.tsv:2", "x", null, "b"), TWO)))
                .isNotEqualTo(before);
        assertThat(Fingerprint.of(List.of(new Example("test.tsv:2", "x", "", "a"), TWO)))
                .isNotEqualTo(before);
    }
}
