package dev.fewtune.cli;

import static dev.fewtune.cli.Views.run;
import static dev.fewtune.cli.Views.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.CellState;
import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RunCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void printsTheScoresOfASuccessWithoutAnAggregateStep() throws Exception {
        int code = follow(run(RunState.SUCCEEDED, step("evaluate", "evaluate", 1, CellState.SUCCEEDED)));

        assertThat(code).isZero();
        assertThat(out()).isEqualTo("the board as csv\n");
    }

    @Test
    void printsTheBoardThatAFailedRunHasAndStillFails() throws Exception {
        int code = follow(run(
                RunState.FAILED,
                step("tune", "fine-tune", 1, CellState.FAILED, CellState.SUCCEEDED),
                step("board", "aggregate", 1, CellState.SUCCEEDED)));

        assertThat(code).isEqualTo(1);
        assertThat(out()).isEqualTo("the board as csv\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Mend the cause, then: retry 7");
    }

    @Test
    void printsNothingOfAFailedRunWithoutABoard() throws Exception {
        int code = follow(run(
                RunState.FAILED,
                step("tune", "fine-tune", 1, CellState.FAILED),
                step("board", "aggregate", 0, CellState.SKIPPED)));

        assertThat(code).isEqualTo(1);
        assertThat(out()).isEmpty();
    }

    @Test
    void cancelledRunHasFailed() throws Exception {
        assertThat(follow(run(RunState.CANCELLED, step("tune", "fine-tune", 1, CellState.CANCELLED))))
                .isEqualTo(1);
    }

    private int follow(RunView ended) throws Exception {
        return new RunCommand(stream(out), stream(err)).follow(new FakeDoor(ended), 7, Format.CSV);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
