package dev.fewtune.web;

import dev.fewtune.run.Runs;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A learning curve as a line in a box of 300 by 80 units.
 *
 * @param points of an SVG polyline
 */
public record Curve(String name, String points, String low, String high, String last, long steps) {
    private static final double WIDTH = 300;
    private static final double HEIGHT = 80;
    private static final int MOST_POINTS = 400;

    static List<Curve> of(Map<String, List<Runs.MetricPoint>> curves) {
        return curves.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Curve of(String name, List<Runs.MetricPoint> all) {
        int every = Math.max(1, all.size() / MOST_POINTS);
        double low = all.stream().mapToDouble(Runs.MetricPoint::value).min().orElse(0);
        double high = all.stream().mapToDouble(Runs.MetricPoint::value).max().orElse(1);
        long first = all.get(0).step();
        long last = all.get(all.size() - 1).step();
        String points = java.util.stream.IntStream.range(0, all.size())
                .filter(i -> i % every == 0 || i == all.size() - 1)
                .mapToObj(all::get)
                .map(point -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        last == first ? WIDTH / 2 : WIDTH * (point.step() - first) / (last - first),
                        high == low ? HEIGHT / 2 : HEIGHT * (high - point.value()) / (high - low)))
                .collect(Collectors.joining(" "));
        if (all.size() == 1) {
            points = points + " " + points;
        }
        return new Curve(
                name,
                points,
                number(low),
                number(high),
                number(all.get(all.size() - 1).value()),
                last);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
