package dev.fewtune.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Scores by name. Predictions and targets are class numbers for {@code accuracy}, {@code f1} (of class 1, two classes),
 * {@code macro-f1} and {@code matthews}; they are values for {@code pearson}, {@code spearman} and {@code mse}, and texts for
 * {@code exact-match}, {@code token-f1} and {@code rouge-l}. A prediction of {@link #NO_CLASS} is wrong for every metric of
 * classes.
 */
public final class Metrics {
    /** The prediction of an answer that names no class. */
    public static final int NO_CLASS = -1;

    private static final List<String> FOR_CLASSES = List.of("accuracy", "f1", "macro-f1", "matthews");
    private static final List<String> FOR_NUMBERS = List.of("pearson", "spearman", "mse");
    private static final List<String> FOR_TEXTS = List.of("exact-match", "token-f1", "rouge-l");

    private Metrics() {}

    /** Every name that {@link #of} or {@link #ofTexts} takes. */
    public static List<String> known() {
        return Stream.of(FOR_CLASSES, FOR_NUMBERS, FOR_TEXTS)
                .flatMap(List::stream)
                .toList();
    }

    /** The names for classes, or for a regression. */
    public static List<String> known(boolean regression) {
        return regression ? FOR_NUMBERS : FOR_CLASSES;
    }

    /** False for errors, such as {@code mse}. */
    public static boolean higherIsBetter(String name) {
        return !name.equals("mse");
    }

    /**
     * One score; an undefined one (a constant prediction has no correlation) counts as 0.
     *
     * @throws IllegalArgumentException where the name is unknown, or the lengths differ or are 0
     */
    public static double of(String name, double[] predicted, double[] target) {
        if (predicted.length != target.length || target.length == 0) {
            throw new IllegalArgumentException(
                    "There are %s predictions for %s targets.".formatted(predicted.length, target.length));
        }
        return switch (checked(name)) {
            case "accuracy" -> accuracy(predicted, target);
            case "f1" -> f1(1, opposed(predicted, target), target);
            case "macro-f1" -> macroF1(predicted, target);
            case "matthews" -> matthews(predicted, target);
            case "pearson" -> pearson(predicted, target);
            case "spearman" -> pearson(ranks(predicted), ranks(target));
            default -> meanSquaredError(predicted, target);
        };
    }

    /** Every score that suits; {@code f1} only where there are two classes. */
    public static Map<String, Double> all(boolean regression, int classes, double[] predicted, double[] target) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (String name : known(regression)) {
            if (!name.equals("f1") || classes == 2) {
                scores.put(name, of(name, predicted, target));
            }
        }
        return scores;
    }

    /** Every score of texts. */
    public static Map<String, Double> allOfTexts(List<String> predicted, List<String> target) {
        Map<String, Double> scores = new LinkedHashMap<>();
        FOR_TEXTS.forEach(name -> scores.put(name, ofTexts(name, predicted, target)));
        return scores;
    }

    /** The names for texts. */
    public static List<String> knownForTexts() {
        return FOR_TEXTS;
    }

    /**
     * The mean score of texts.
     *
     * @param name one of {@link #knownForTexts()}
     * @throws IllegalArgumentException where the name is unknown, or the lengths differ or are 0
     */
    public static double ofTexts(String name, List<String> predicted, List<String> target) {
        if (predicted.size() != target.size() || target.isEmpty()) {
            throw new IllegalArgumentException(
                    "There are %s texts for %s targets.".formatted(predicted.size(), target.size()));
        }
        ToDoubleBiFunction<String, String> score =
                switch (name) {
                    case "exact-match" -> TextOverlap::exactMatch;
                    case "token-f1" -> TextOverlap::tokenF1;
                    case "rouge-l" -> TextOverlap::rougeL;
                    default ->
                        throw new IllegalArgumentException("There is no metric %s of texts. Known: %s."
                                .formatted(name, String.join(", ", FOR_TEXTS)));
                };
        return IntStream.range(0, target.size())
                .mapToDouble(i -> score.applyAsDouble(predicted.get(i), target.get(i)))
                .average()
                .orElseThrow();
    }

    /** The accuracy on test of always answering the most frequent label of train; of equals, the first by name. */
    public static double majority(List<String> train, List<String> test) {
        if (train.isEmpty() || test.isEmpty()) {
            throw new IllegalArgumentException("The majority of %s train labels on %s test labels is undefined."
                    .formatted(train.size(), test.size()));
        }
        Map<String, Long> counts =
                train.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        long most = counts.values().stream().mapToLong(count -> count).max().orElseThrow();
        String label = counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .findFirst()
                .orElseThrow()
                .getKey();
        return (double) test.stream().filter(label::equals).count() / test.size();
    }

    private static String checked(String name) {
        List<String> fitting =
                Stream.concat(FOR_CLASSES.stream(), FOR_NUMBERS.stream()).toList();
        if (!fitting.contains(name)) {
            throw new IllegalArgumentException(
                    "There is no metric %s. Known: %s.".formatted(name, String.join(", ", fitting)));
        }
        return name;
    }

    private static double accuracy(double[] predicted, double[] target) {
        long right = IntStream.range(0, target.length)
                .filter(i -> predicted[i] == target[i])
                .count();
        return (double) right / target.length;
    }

    private static double f1(double label, double[] predicted, double[] target) {
        double both = 0;
        double either = 0;
        for (int i = 0; i < target.length; i++) {
            both += predicted[i] == label && target[i] == label ? 1 : 0;
            either += (predicted[i] == label ? 1 : 0) + (target[i] == label ? 1 : 0);
        }
        return either == 0 ? 0 : 2 * both / either;
    }

    /** What names no class counts as the other one of two. */
    private static double[] opposed(double[] predicted, double[] target) {
        return IntStream.range(0, target.length)
                .mapToDouble(i -> predicted[i] == NO_CLASS ? 1 - target[i] : predicted[i])
                .toArray();
    }

    /** Mean over the classes that occur as a target or as a prediction. */
    private static double macroF1(double[] predicted, double[] target) {
        return classes(predicted, target)
                .filter(label -> label != NO_CLASS)
                .mapToDouble(label -> f1(label, predicted, target))
                .average()
                .orElseThrow();
    }

    /** For any number of classes: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation", 2004. */
    private static double matthews(double[] predicted, double[] target) {
        double n = target.length;
        double products = 0;
        double predictedSquares = 0;
        double targetSquares = 0;
        for (double label :
                classes(predicted, target).mapToDouble(value -> value).toArray()) {
            double p = Arrays.stream(predicted).filter(value -> value == label).count();
            double t = Arrays.stream(target).filter(value -> value == label).count();
            products += p * t;
            predictedSquares += p * p;
            targetSquares += t * t;
        }
        double below = Math.sqrt(n * n - predictedSquares) * Math.sqrt(n * n - targetSquares);
        return below == 0 ? 0 : (accuracy(predicted, target) * n * n - products) / below;
    }

    private static Stream<Double> classes(double[] predicted, double[] target) {
        return Stream.of(predicted, target)
                .flatMap(values -> Arrays.stream(values).boxed())
                .distinct();
    }

    private static double pearson(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx) / Math.sqrt(yy);
    }

    /** Ranks from 1; equal values share the mean of their ranks. */
    private static double[] ranks(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
        }
        return ranks;
    }

    private static double meanSquaredError(double[] predicted, double[] target) {
        return IntStream.range(0, target.length)
                .mapToDouble(i -> (predicted[i] - target[i]) * (predicted[i] - target[i]))
                .average()
                .orElseThrow();
    }
}
