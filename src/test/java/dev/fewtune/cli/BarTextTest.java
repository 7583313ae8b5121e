package dev.fewtune.cli;

import static dev.fewtune.cli.Views.run;
import static dev.fewtune.cli.Views.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.run.CellState;
import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarTextTest {
    private static final RunView RUN = run(
            RunState.RUNNING,
            step("tokenize", "tokenize", 1, CellState.SUCCEEDED),
            step("tune", "fine-tune", 0.25, CellState.FAILED, CellState.RUNNING, CellState.WAITING, CellState.WAITING),
            step("board", "aggregate", 0, CellState.WAITING));

    @Test
    void drawsABarPerStepWithTheShareThatIsDone() {
        assertThat(BarText.lines(RUN, Map.of()))
                .containsExactly(
                        "tokenize  " + "█".repeat(24) + "  1/1",
                        "tune      " + "█".repeat(6) + "░".repeat(18) + "  1/4  1 failed",
                        "board     " + "░".repeat(24) + "  0/1");
    }

    @Test
    void tellsTheTimeThatIsLeftFromTheTimeThatWentBy() {
        assertThat(BarText.lines(RUN, Map.of("tune", Duration.ofSeconds(50))).get(1))
                .endsWith("  eta 2:30");
        assertThat(BarText.lines(RUN, Map.of("tokenize", Duration.ofSeconds(50)))
                        .get(0))
                .doesNotContain("eta");
    }

    @Test
    void sumsARunUpInOneLine() {
        assertThat(BarText.summary(RUN, Map.of("tune", Duration.ofSeconds(50))))
                .isEqualTo("run 7: tokenize 1/1  tune 1/4  eta 2:30  board 0/1");
    }
}
