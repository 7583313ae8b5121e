package dev.fewtune.leaderboard;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Numbers as people read them; a dash stands for what is absent. */
final class Numbers {
    static final String ABSENT = "–";
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int CURVE_WIDTH = 10;

    private Numbers() {}

    /** A score with its deviation: times 100 with one decimal, errors as they are with four. */
    static String score(OptionalDouble mean, OptionalDouble deviation, Measure measure) {
        if (mean.isEmpty()) {
            return "n/a";
        }
        String text = decimal(measure.factor() * mean.getAsDouble(), places(measure));
        return deviation.isEmpty()
                ? text
                : text + " ± " + decimal(measure.factor() * deviation.getAsDouble(), places(measure));
    }

    static String difference(Optional<Difference> difference, Measure measure) {
        return difference
                .map(value -> String.format(Locale.ROOT, "%+." + places(measure) + "f", value.points())
                        + (value.standardError().isEmpty()
                                ? ""
                                : " ± " + decimal(value.standardError().getAsDouble(), places(measure))))
                .orElse(ABSENT);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** One decimal below 100, none from there on. */
    static String amount(OptionalDouble value) {
        return value.isEmpty() ? ABSENT : decimal(value.getAsDouble(), value.getAsDouble() < 100 ? 1 : 0);
    }

    static String bytes(long value) {
        if (value <= 0) {
            return ABSENT;
        }
        if (value < 1 << 10) {
            return value + " B";
        }
        if (value < 1 << 20) {
            return decimal(value / 1024.0, 0) + " KiB";
        }
        return value < 1 << 30 ? decimal(value / 1048576.0, 1) + " MiB" : decimal(value / 1073741824.0, 1) + " GiB";
    }

    static String rate(OptionalDouble value) {
        return value.isEmpty() ? ABSENT : String.format(Locale.ROOT, "%.1e", value.getAsDouble());
    }

    static String decimal(double value, int places) {
        return String.format(Locale.ROOT, "%,." + places + "f", value);
    }

    /** One bar per point, at most ten, between two values that all curves of a table share. */
    static String sparkline(List<Double> curve, double low, double high) {
        if (curve.isEmpty()) {
            return ABSENT;
        }
        StringBuilder bars = new StringBuilder();
        int points = Math.min(curve.size(), CURVE_WIDTH);
        for (int i = 0; i < points; i++) {
            double value = curve.get(points == 1 ? 0 : i * (curve.size() - 1) / (points - 1));
            double height = high > low ? (value - low) / (high - low) : 0.5;
            bars.append(BARS.charAt((int) Math.round(height * (BARS.length() - 1))));
        }
        return bars.toString();
    }

    private static int places(Measure measure) {
        return measure.lowerIsBetter() ? 4 : 1;
    }
}
