package dev.fewtune.web;

import dev.fewtune.run.Runs;
import java.util.List;

/**
 * A page of the log of an attempt; the newest lines where none others are asked for.
 *
 * @param lines oldest first
 * @param older what to give as {@code before} for the page of older lines; null on the first page of the log
 * @param newest whether these are the last lines so far
 */
public record LogPage(List<Runs.LogLine> lines, Long older, boolean newest) {
    private static final int LINES = 500;

    /**
     * @param log all lines, oldest first
     * @param before the number of the line at which the following page begins, or null for the end
     */
    static LogPage of(List<Runs.LogLine> log, Long before) {
        int to = before == null
                ? log.size()
                : (int) log.stream().filter(line -> line.sequence() < before).count();
        int from = Math.max(0, to - LINES);
        return new LogPage(
                List.copyOf(log.subList(from, to)),
                from == 0 ? null : log.get(from).sequence(),
                to == log.size());
    }

    /** Number of the last line; 0 where there is none. */
    long last() {
        return lines.isEmpty() ? 0 : lines.get(lines.size() - 1).sequence();
    }

    List<Runs.LogLine> after(long sequence) {
        return lines.stream().filter(line -> line.sequence() > sequence).toList();
    }
}
