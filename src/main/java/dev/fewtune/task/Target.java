package dev.fewtune.task;

import dev.fewtune.spec.CellFailure;
import java.util.Comparator;
import java.util.List;

/**
 * What the labels of a file task are.
 *
 * @param labels class names in the order of their numbers; empty for a regression and for texts
 */
record Target(String name, String metric, boolean regression, boolean texts, List<String> labels) {
    /** Whole numbers with more different values than this are no classes. */
    private static final int MOST_WHOLE_CLASSES = 20;

    /** @throws CellFailure with cause YOURS where the labels of train do not fit the settings */
    static Target of(FileTask.Source source, List<Example> train) {
        if (Metrics.knownForTexts().contains(String.valueOf(source.metric()))) {
            return ofTexts(source, train);
        }
        boolean regression = isRegression(source, train);
        String metric = source.metric() == null ? (regression ? "pearson" : "accuracy") : source.metric();
        if (!Metrics.known(regression).contains(metric)) {
            throw CellFailure.yours(
                    "The task %s has %s, and the metric %s does not suit them. Maybe %s.",
                    source.name(),
                    regression ? "numbers as labels" : "classes",
                    metric,
                    String.join(", ", Metrics.known(regression)));
        }
        List<String> labels = regression ? List.of() : source.labels().isEmpty() ? found(train) : source.labels();
        Target target = new Target(source.name(), metric, regression, false, labels);
        train.forEach(target::check);
        target.checkClasses();
        return target;
    }

    /** @throws CellFailure with cause YOURS where the label is no number, or none of the known labels */
    void check(Example example) {
        if (regression && !isNumber(example.label())) {
            throw CellFailure.yours(
                    "%s: the label (%s) must be a number, as the task %s is a regression.",
                    example.id(), example.label(), name);
        }
        if (texts && example.label().isEmpty()) {
            throw CellFailure.yours("%s: the label is empty; the task %s has texts as labels.", example.id(), name);
        }
        if (!regression && !texts && !labels.contains(example.label())) {
            throw CellFailure.yours(
                    "%s: the label (%s) is not known. Known: %s.",
                    example.id(), example.label(), String.join(", ", labels));
        }
    }

    private static Target ofTexts(FileTask.Source source, List<Example> train) {
        Target target = new Target(source.name(), source.metric(), false, true, List.of());
        train.forEach(target::check);
        return target;
    }

    private void checkClasses() {
        if (!regression && labels.size() < 2) {
            throw CellFailure.yours(
                    "The task %s has one label only (%s); there is nothing to learn.", name, labels.get(0));
        }
        if (metric.equals("f1") && labels.size() != 2) {
            throw CellFailure.yours(
                    "The task %s has %s classes, and the metric f1 needs two. Maybe macro-f1.", name, labels.size());
        }
    }

    private static boolean isRegression(FileTask.Source source, List<Example> train) {
        if (!source.labels().isEmpty()) {
            return false;
        }
        if (source.metric() != null) {
            return Metrics.known(true).contains(source.metric());
        }
        return train.stream().map(Example::label).allMatch(Target::isNumber)
                && (!train.stream().map(Example::label).allMatch(Target::isWhole)
                        || train.stream().map(Example::label).distinct().count() > MOST_WHOLE_CLASSES);
    }

    /** Sorted, by value where all are whole numbers. */
    private static List<String> found(List<Example> train) {
        List<String> labels = train.stream().map(Example::label).distinct().toList();
        Comparator<String> order = Comparator.naturalOrder();
        if (labels.stream().allMatch(Target::isWhole)) {
            order = Comparator.<String>comparingDouble(Double::parseDouble).thenComparing(order);
        }
        return labels.stream().sorted(order).toList();
    }

    private static boolean isWhole(String label) {
        return label.matches("[+-]?[0-9]+");
    }

    private static boolean isNumber(String label) {
        return label.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")
                && Double.isFinite(Double.parseDouble(label));
    }
}
