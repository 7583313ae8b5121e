package dev.fewtune.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures of two sides by round, and what comes of them: medians, and the median of the rounds' ratios. */
final class BenchTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINE = "%-54s %10s %10s %8s %17s %8s %8s %7s%n";

    private final String left;
    private final String right;
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Figure>>> rows = new LinkedHashMap<>();
    private final Map<String, List<Double>> others = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    /** @param ratio of the left to the right figure that is wanted, at least where {@code higher}, or else at most */
    record Target(String name, double ratio, boolean higher) {}

    BenchTable(String left, String right, List<Target> targets) {
        this.left = left;
        this.right = right;
        targets.forEach(target -> this.targets.put(target.name(), target));
    }

    /** @param load share of the machine that neither side used while the round went on */
    void addLeft(Figure figure, double load) {
        add(figure, left, load);
    }

    /** @param load as above */
    void addRight(Figure figure, double load) {
        add(figure, right, load);
    }

    private void add(Figure figure, String side, double load) {
        rows.computeIfAbsent(figure.name(), name -> new LinkedHashMap<>())
                .computeIfAbsent(side, name -> new ArrayList<>())
                .add(figure);
        others.computeIfAbsent(figure.name(), name -> new ArrayList<>()).add(load);
    }

    void note(String line) {
        notes.add(line);
    }

    void write(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        rows.forEach((name, sides) -> {
            ObjectNode row = root.putObject(name);
            sides.forEach((side, figures) -> {
                put(row.putArray(side), figures.stream().mapToDouble(Figure::value));
                put(row.putArray(side + "_cpu_seconds"), figures.stream().mapToDouble(Figure::cpuSeconds));
            });
            put(row.putArray("others_load"), others.get(name).stream().mapToDouble(Double::doubleValue));
            double[] ratios = ratios(sides, false);
            if (ratios.length > 0) {
                put(row.putArray("ratios"), Arrays.stream(ratios));
                row.put("ratio", median(ratios));
            }
        });
        notes.forEach(root.withArray("notes")::add);
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(LINE.formatted("medians", left, right, "ratio", "(of rounds)", "cpu", "target", "others"));
        rows.forEach((name, sides) -> text.append(line(name, sides)));
        notes.forEach(note -> text.append(note).append(System.lineSeparator()));
        return text.toString();
    }

    private String line(String name, Map<String, List<Figure>> sides) {
        double[] ratios = ratios(sides, false);
        double[] cpu = ratios(sides, true);
        Target target = targets.get(name);
        boolean both = ratios.length > 0;
        return LINE.formatted(
                name,
                said("%.2f", middle(sides.getOrDefault(left, List.of()))),
                both ? said("%.2f", middle(sides.get(right))) : "",
                both ? said("%.2f", median(ratios)) : "",
                both
                        ? "(%s to %s)"
                                .formatted(
                                        said("%.2f", Arrays.stream(ratios).min().orElseThrow()),
                                        said("%.2f", Arrays.stream(ratios).max().orElseThrow()))
                        : "",
                cpu.length > 0 && cpu[0] > 0 ? said("%.2f", median(cpu)) : "",
                target == null ? "" : (target.higher() ? ">= " : "<= ") + target.ratio(),
                said(
                        "%.0f %%",
                        100
                                * median(others.get(name).stream()
                                        .mapToDouble(Double::doubleValue)
                                        .toArray())));
    }

    /** @param cpu whether of the processor times, right to left */
    private double[] ratios(Map<String, List<Figure>> sides, boolean cpu) {
        List<Figure> ours = sides.getOrDefault(left, List.of());
        List<Figure> theirs = sides.getOrDefault(right, List.of());
        double[] ratios = new double[Math.min(ours.size(), theirs.size())];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = cpu
                    ? theirs.get(round).cpuSeconds() / ours.get(round).cpuSeconds()
                    : ours.get(round).value() / theirs.get(round).value();
        }
        return ratios;
    }

    private static double middle(List<Figure> figures) {
        return median(figures.stream().mapToDouble(Figure::value).toArray());
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static void put(ArrayNode array, java.util.stream.DoubleStream values) {
        values.forEach(array::add);
    }

    private static String said(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
