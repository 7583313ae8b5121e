package dev.fewtune.cli;

import static dev.fewtune.cli.Views.run;
import static dev.fewtune.cli.Views.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.run.CellState;
import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final RunView BEGUN = run(
            RunState.RUNNING,
            step("tokenize", "tokenize", 1, CellState.SUCCEEDED),
            step("tune", "fine-tune", 0.5, CellState.RUNNING));
    private static final RunView ENDED = run(
            RunState.SUCCEEDED,
            step("tokenize", "tokenize", 1, CellState.SUCCEEDED),
            step("tune", "fine-tune", 1, CellState.SUCCEEDED));

    @Test
    void redrawsItsLinesOnATerminal() throws Exception {
        String drawn = watched(true);

        String up = "\033[2A";
        assertThat(drawn).containsOnlyOnce(up);
        String first = drawn.substring(0, drawn.indexOf(up));
        String second = drawn.substring(drawn.indexOf(up) + up.length());
        assertThat(first.split("\n")).hasSize(2).allMatch(line -> line.startsWith("\r\033[2K"));
        assertThat(first).contains("tune      " + "█".repeat(12) + "░".repeat(12) + "  0/1");
        assertThat(second.split("\n")).hasSize(2);
        assertThat(second).contains("tune      " + "█".repeat(24) + "  1/1");
    }

    @Test
    void saysALineOnEachChangeElsewhere() throws Exception {
        assertThat(watched(false))
                .isEqualTo("run 7: tokenize 1/1  tune 0/1  eta 0:00\nrun 7: tokenize 1/1  tune 1/1\n");
    }

    private static String watched(boolean terminal) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        RunView last = new Watch(new FakeDoor(BEGUN, ENDED), err, terminal, CLOCK).untilEnded(7);
        assertThat(last.state()).isEqualTo(RunState.SUCCEEDED);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
