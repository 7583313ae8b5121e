package dev.fewtune.cli;

import dev.fewtune.run.CellState;
import dev.fewtune.run.RunView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Progress of a run as lines of text, a bar per step. */
final class BarText {
    private static final int WIDTH = 24;

    private BarText() {}

    /**
     * One line per step.
     *
     * @param since how long each step has been moving; a step that has not begun is absent
     */
    static List<String> lines(RunView run, Map<String, Duration> since) {
        int widest = run.steps().stream()
                .mapToInt(step -> step.name().length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (RunView.StepView step : run.steps()) {
            lines.add(line(step, widest, since.get(step.name())));
        }
        return lines;
    }

    /** The whole run in one line, for logs that cannot be redrawn. */
    static String summary(RunView run, Map<String, Duration> since) {
        StringBuilder text = new StringBuilder("run " + run.id() + ": ");
        for (RunView.StepView step : run.steps()) {
            text.append(String.format(Locale.ROOT, "%s %d/%d", step.name(), ended(step), step.total()))
                    .append(eta(step, since.get(step.name())))
                    .append("  ");
        }
        return text.toString().stripTrailing();
    }

    private static String line(RunView.StepView step, int widest, Duration since) {
        int filled = (int) Math.round(WIDTH * step.progress());
        int failed = step.counts().getOrDefault(CellState.FAILED, 0);
        return String.format(
                Locale.ROOT,
                "%-" + widest + "s  %s%s  %d/%d%s%s",
                step.name(),
                "█".repeat(filled),
                "░".repeat(WIDTH - filled),
                ended(step),
                step.total(),
                failed > 0 ? "  " + failed + " failed" : "",
                eta(step, since));
    }

    private static int ended(RunView.StepView step) {
        return step.counts().entrySet().stream()
                .filter(entry -> entry.getKey().ended())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static String eta(RunView.StepView step, Duration since) {
        if (since == null || step.progress() <= 0 || step.progress() >= 1) {
            return "";
        }
        long seconds = Math.round(since.toSeconds() * (1 - step.progress()) / step.progress());
        return String.format(Locale.ROOT, "  eta %d:%02d", seconds / 60, seconds % 60);
    }
}
