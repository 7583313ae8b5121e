package dev.fewtune.task;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * The control of a board: TF-IDF and a linear model, fitted on the same rows as the network. Classes: L2-regularised
 * logistic regression, one against the rest; numbers: L2-regularised support vector regression with squared loss. Both
 * by LIBLINEAR (R.-E. Fan et al., JMLR 2008). The words of a second text are columns of their own.
 */
public final class Control {
    /** Inverse strength of regularisation: of 1, 3, 10, 30, 100 the fairest on the validation sets of both supersense tasks. */
    static final double COST = 10;

    private static final double TOLERANCE = 1e-4;
    private static final double INTERCEPT = 1;

    private Control() {}

    /**
     * Fits on examples, the same model each time.
     *
     * @param labels class names in the order of their numbers; empty for a regression
     * @throws CellFailure with cause YOURS where there is nothing to fit or a label is unknown
     */
    public static Fit fit(List<Example> train, List<String> labels) {
        return fit(train, labels, COST);
    }

    static Fit fit(List<Example> train, List<String> labels, double cost) {
        if (train.isEmpty()) {
            throw CellFailure.yours("The linear control has no example to fit.");
        }
        List<TermWeights> weights = new ArrayList<>();
        weights.add(TermWeights.of(train.stream().map(Example::first).toList()));
        if (train.get(0).second() != null) {
            weights.add(TermWeights.of(train.stream().map(Example::second).toList()));
        }
        Columns columns = new Columns(List.copyOf(weights));
        Problem problem = new Problem();
        problem.l = train.size();
        problem.n = columns.size();
        problem.bias = INTERCEPT;
        problem.x = train.stream().map(columns::of).toArray(Feature[][]::new);
        problem.y = train.stream().mapToDouble(target(labels)::apply).toArray();
        return new Fit(columns, Linear.train(problem, parameter(labels.isEmpty(), cost)));
    }

    /** A fitted model. Safe for many threads. */
    public static final class Fit {
        private final Columns columns;
        private final Model model;

        private Fit(Columns columns, Model model) {
            this.columns = columns;
            this.model = model;
        }

        /** Class numbers, or the values of a regression. */
        public double[] predict(List<Example> examples) {
            return examples.stream()
                    .mapToDouble(example -> Linear.predict(model, columns.of(example)))
                    .toArray();
        }

        /** Weights and intercepts. */
        public long parameters() {
            return model.getFeatureWeights().length;
        }
    }

    private static Function<Example, Double> target(List<String> labels) {
        if (labels.isEmpty()) {
            return example -> Double.valueOf(example.label());
        }
        Map<String, Integer> numbers = new HashMap<>();
        labels.forEach(label -> numbers.put(label, numbers.size()));
        return example -> {
            Integer number = numbers.get(example.label());
            if (number == null) {
                throw CellFailure.yours(
                        "%s: the label (%s) must be one of %s.",
                        example.id(), example.label(), String.join(", ", labels));
            }
            return number.doubleValue();
        };
    }

    private static Parameter parameter(boolean regression, double cost) {
        Parameter parameter =
                new Parameter(regression ? SolverType.L2R_L2LOSS_SVR : SolverType.L2R_LR, cost, TOLERANCE);
        parameter.setRandom(new Random(0));
        return parameter;
    }

    /** From an example to numbered features: the first text's words, the second's, the intercept. */
    private record Columns(List<TermWeights> texts) {
        int size() {
            return texts.stream().mapToInt(TermWeights::columns).sum() + 1;
        }

        Feature[] of(Example example) {
            List<Feature> features = new ArrayList<>();
            texts.get(0)
                    .weigh(example.first())
                    .forEach((column, value) -> features.add(new FeatureNode(column + 1, value)));
            if (texts.size() == 2) {
                int offset = texts.get(0).columns() + 1;
                texts.get(1)
                        .weigh(example.second())
                        .forEach((column, value) -> features.add(new FeatureNode(offset + column, value)));
            }
            features.add(new FeatureNode(size(), INTERCEPT));
            return features.toArray(Feature[]::new);
        }
    }

    static {
        Linear.disableDebugOutput();
    }
}
