package dev.fewtune.web;

import dev.fewtune.run.CellState;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import dev.fewtune.spec.Cause;
import io.quarkus.qute.TemplateExtension;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How values look on pages. */
@TemplateExtension
public class Show {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Show() {}

    /** One part of a bar, in percent of its width. */
    public record Part(String state, double from, double width, String title) {}

    static String text(Instant time) {
        return time == null ? "–" : TIME.format(time) + " UTC";
    }

    static String css(RunState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static String css(CellState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static String label(RunState state) {
        return css(state);
    }

    static String label(CellState state) {
        return css(state);
    }

    static String label(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    /** Items of a list parted by commas; numbers without powers of ten. */
    static String plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Show::plain).collect(Collectors.joining(", "));
        }
        return value instanceof Double number && Double.isFinite(number)
                ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
                : String.valueOf(value);
    }

    static String took(CellView cell) {
        return duration(cell.startedAt(), cell.endedAt());
    }

    static String took(RunView run) {
        return duration(run.createdAt(), run.endedAt());
    }

    static String took(CellView.AttemptView attempt) {
        return duration(attempt.startedAt(), attempt.endedAt());
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    static String grouped(Number number) {
        return String.format(Locale.ROOT, "%,d", number.longValue());
    }

    static int done(RunView run) {
        return ended(run.counts());
    }

    static int done(RunView.StepView step) {
        return ended(step.counts());
    }

    static List<Part> parts(RunView run) {
        return parts(run.counts(), run.total(), 0);
    }

    static List<Part> parts(RunView.StepView step) {
        double endedShare = step.total() == 0 ? 0 : (double) ended(step.counts()) / step.total();
        return parts(step.counts(), step.total(), Math.max(0, step.progress() - endedShare));
    }

    static boolean retriable(CellView cell) {
        return cell.state() == CellState.FAILED || cell.state() == CellState.CANCELLED;
    }

    static boolean hasFailures(RunView run) {
        return run.counts().getOrDefault(CellState.FAILED, 0) + run.counts().getOrDefault(CellState.CANCELLED, 0) > 0;
    }

    private static List<Part> parts(Map<CellState, Integer> counts, int total, double running) {
        List<Part> parts = new ArrayList<>();
        double from = 0;
        for (CellState state : CellState.values()) {
            int count = counts.getOrDefault(state, 0);
            if (state.ended() && count > 0) {
                double width = 100.0 * count / total;
                parts.add(new Part(css(state), from, width, count + " " + css(state)));
                from += width;
            }
        }
        if (running > 0) {
            parts.add(new Part("running", from, 100 * running, "running"));
        }
        return parts;
    }

    private static int ended(Map<CellState, Integer> counts) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().ended())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static String duration(Instant from, Instant to) {
        if (from == null) {
            return "–";
        }
        Duration took = Duration.between(from, to == null ? Instant.now() : to);
        long seconds = Math.max(0, took.toSeconds());
        if (seconds < 60) {
            return to == null ? seconds + " s" : String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d h", seconds / 3600, seconds / 60 % 60);
    }
}
