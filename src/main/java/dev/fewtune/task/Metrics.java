package dev.fewtune.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** Scores of answers against the right answers. Shares lie in [0, 1], correlations in [-1, 1]. */
public final class Metrics {
    private static final List<String> CLASSES = List.of("accuracy", "f1", "macro-f1", "matthews");
    private static final List<String> NUMBERS = List.of("pearson", "spearman", "mse");

    private Metrics() {}

    /** The metrics that fit a task, by name; f1 takes class 1 as the positive one. */
    public static List<String> known(boolean regression) {
        return regression ? NUMBERS : CLASSES;
    }

    /** Whether more is better. */
    public static boolean risesWithQuality(String metric) {
        return !metric.equals("mse");
    }

    /**
     * Every metric that fits.
     *
     * @param targets class numbers, or the right values of a regression
     * @param answers of the same length
     */
    public static Map<String, Double> all(double[] targets, double[] answers, boolean regression) {
        if (targets.length != answers.length || targets.length == 0) {
            throw new IllegalArgumentException(
                    "%s right answers cannot be compared with %s answers.".formatted(targets.length, answers.length));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (regression) {
            metrics.put("pearson", correlation(new PearsonsCorrelation().correlation(targets, answers)));
            metrics.put("spearman", correlation(new SpearmansCorrelation().correlation(targets, answers)));
            metrics.put("mse", meanSquaredError(targets, answers));
            return metrics;
        }
        metrics.put("accuracy", accuracy(targets, answers));
        metrics.put("f1", f1(targets, answers, 1));
        metrics.put("macro-f1", macroF1(targets, answers));
        metrics.put("matthews", matthews(targets, answers));
        return metrics;
    }

    private static double correlation(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    private static double meanSquaredError(double[] targets, double[] answers) {
        double sum = 0;
        for (int i = 0; i < targets.length; i++) {
            sum += (targets[i] - answers[i]) * (targets[i] - answers[i]);
        }
        return sum / targets.length;
    }

    private static double accuracy(double[] targets, double[] answers) {
        int right = 0;
        for (int i = 0; i < targets.length; i++) {
            right += targets[i] == answers[i] ? 1 : 0;
        }
        return (double) right / targets.length;
    }

    private static double f1(double[] targets, double[] answers, double positive) {
        int both = 0;
        int either = 0;
        for (int i = 0; i < targets.length; i++) {
            int one = (targets[i] == positive ? 1 : 0) + (answers[i] == positive ? 1 : 0);
            both += one == 2 ? 1 : 0;
            either += one;
        }
        return either == 0 ? 0 : 2.0 * both / either;
    }

    private static double macroF1(double[] targets, double[] answers) {
        TreeSet<Double> classes = new TreeSet<>();
        for (double target : targets) {
            classes.add(target);
        }
        return classes.stream()
                .mapToDouble(label -> f1(targets, answers, label))
                .average()
                .orElse(0);
    }

    /** The multi-class form R_K (Gorodkin, 2004), which equals Matthews' for two classes. */
    private static double matthews(double[] targets, double[] answers) {
        TreeSet<Double> classes = new TreeSet<>();
        for (int i = 0; i < targets.length; i++) {
            classes.add(targets[i]);
            classes.add(answers[i]);
        }
        double n = targets.length;
        double right = accuracy(targets, answers) * n;
        double cross = 0;
        double squaresAnswered = 0;
        double squaresTrue = 0;
        for (double label : classes) {
            double trueOnes = count(targets, label);
            double answered = count(answers, label);
            cross += trueOnes * answered;
            squaresAnswered += answered * answered;
            squaresTrue += trueOnes * trueOnes;
        }
        double below = Math.sqrt((n * n - squaresAnswered) * (n * n - squaresTrue));
        return below == 0 ? 0 : (right * n - cross) / below;
    }

    private static double count(double[] values, double wanted) {
        double count = 0;
        for (double value : values) {
            count += value == wanted ? 1 : 0;
        }
        return count;
    }
}
