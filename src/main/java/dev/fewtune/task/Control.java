package dev.fewtune.task;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The control that knows no pretrained model: words weighted by TF-IDF (smoothed inverse document frequency, rows of
 * length 1, as in scikit-learn) under a linear model of liblinear: L2-regularised logistic regression for classes,
 * support vector regression for numbers.
 */
public final class Control {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]{2,}");
    private static final double COST = 10;
    private static final double TOLERANCE = 1e-3;

    private final Map<String, Integer> columns = new HashMap<>();
    private final Map<Integer, Double> weights = new HashMap<>();
    private final List<String> labels;
    private Model model;

    static {
        Linear.disableDebugOutput();
    }

    private Control(List<String> labels) {
        this.labels = labels;
    }

    /** @param labels class names in order; empty for a regression */
    public static Control fit(List<Example> train, List<String> labels) {
        Control control = new Control(labels);
        control.learnWords(train);
        Problem problem = new Problem();
        problem.l = train.size();
        problem.n = control.columns.size();
        problem.x = train.stream().map(control::features).toArray(Feature[][]::new);
        problem.y = train.stream().mapToDouble(control::target).toArray();
        SolverType solver = labels.isEmpty() ? SolverType.L2R_L2LOSS_SVR : SolverType.L2R_LR;
        control.model = Linear.train(problem, new Parameter(solver, COST, TOLERANCE));
        return control;
    }

    /** Class numbers, or numbers. */
    public double[] predict(List<Example> examples) {
        return examples.stream()
                .mapToDouble(example -> Linear.predict(model, features(example)))
                .toArray();
    }

    /** Number of weights of the linear model. */
    public long parameters() {
        return model.getFeatureWeights().length;
    }

    private void learnWords(List<Example> train) {
        Map<String, Integer> documents = new TreeMap<>();
        for (Example example : train) {
            words(example).keySet().forEach(word -> documents.merge(word, 1, Integer::sum));
        }
        documents.forEach((word, count) -> {
            int column = columns.size() + 1;
            columns.put(word, column);
            weights.put(column, Math.log((1.0 + train.size()) / (1.0 + count)) + 1);
        });
    }

    private Feature[] features(Example example) {
        Map<Integer, Double> row = new TreeMap<>();
        words(example).forEach((word, count) -> {
            Integer column = columns.get(word);
            if (column != null) {
                row.put(column, count * weights.get(column));
            }
        });
        double length = Math.sqrt(row.values().stream().mapToDouble(v -> v * v).sum());
        List<Feature> features = new ArrayList<>();
        row.forEach((column, value) -> features.add(new FeatureNode(column, value / length)));
        return features.toArray(new Feature[0]);
    }

    /** Words with their counts; those of the second text are kept apart. */
    private static Map<String, Integer> words(Example example) {
        Map<String, Integer> counts = new HashMap<>();
        count(counts, "1/", example.first());
        if (example.second() != null) {
            count(counts, "2/", example.second());
        }
        return counts;
    }

    private static void count(Map<String, Integer> counts, String prefix, String text) {
        WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .forEach(word -> counts.merge(prefix + word, 1, Integer::sum));
    }

    private double target(Example example) {
        return labels.isEmpty() ? Double.parseDouble(example.label()) : labels.indexOf(example.label());
    }
}
