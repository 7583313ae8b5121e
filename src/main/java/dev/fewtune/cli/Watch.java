package dev.fewtune.cli;

import dev.fewtune.run.RunView;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows a run on standard error until it ends: redrawn bars on a terminal, a line on every change elsewhere. */
final class Watch {
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration QUIET = Duration.ofSeconds(10);
    private final Door door;
    private final PrintStream err;
    private final boolean terminal;
    private final Clock clock;
    private final Map<String, Instant> begun = new HashMap<>();
    private int drawn;
    private String said = "";
    private Instant saidAt = Instant.EPOCH;

    Watch(Door door, PrintStream err, boolean terminal, Clock clock) {
        this.door = door;
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** @return the run in its end state */
    RunView untilEnded(long id) throws InterruptedException {
        while (true) {
            RunView run = door.run(id);
            show(run);
            if (run.state().ended()) {
                return run;
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private void show(RunView run) {
        Instant now = clock.instant();
        Map<String, Duration> since = new HashMap<>();
        for (RunView.StepView step : run.steps()) {
            if (step.progress() > 0) {
                begun.putIfAbsent(step.name(), now);
                since.put(step.name(), Duration.between(begun.get(step.name()), now));
            }
        }
        if (terminal) {
            redraw(BarText.lines(run, since));
        } else {
            say(BarText.summary(run, since), run.state().ended(), now);
        }
    }

    private void redraw(List<String> lines) {
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append("\033[").append(drawn).append('A');
        }
        lines.forEach(line -> frame.append("\r\033[2K").append(line).append('\n'));
        err.print(frame);
        err.flush();
        drawn = lines.size();
    }

    private void say(String line, boolean last, Instant now) {
        if (line.equals(said) || (!last && Duration.between(saidAt, now).compareTo(QUIET) < 0)) {
            return;
        }
        err.println(line);
        said = line;
        saidAt = now;
    }
}
