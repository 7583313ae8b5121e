package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EngineCheckTest {
    @Test
    void knowsTheVersionOfAnEngineThatWorks() {
        assertThat(EngineCheck.HERE.facts().version()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void saysWhyTheEngineIsBrokenAndTriesItOnce() {
        AtomicInteger trials = new AtomicInteger();
        EngineCheck check = new EngineCheck(() -> {
            trials.incrementAndGet();
            throw new UnsatisfiedLinkError("no such library");
        });

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(check::facts)
                    .isInstanceOf(EngineCheck.Broken.class)
                    .hasMessageContaining("TensorFlow does not work on this machine")
                    .hasMessageContaining("no such library");
        }
        assertThat(trials).hasValue(1);
    }
}
