package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and applies {@code exclude} and {@code include}; a rule without effect is a problem. */
record Rules(StepEntry step, Matrix matrix, Budget budget, Problems problems) {

    /** The matrix without the excluded combinations. */
    Matrix excluded(Resolver resolver) {
        List<Map<String, Axis.Value>> left = matrix.combinations();
        for (Rule rule : read(step.matrix().exclude(), MatrixEntry.EXCLUDE, resolver)) {
            if (!rule.settings().isEmpty()) {
                rule.settings()
                        .forEach((name, entry) ->
                                problems.unknown(entry.key(), "axis", name, matrix.axes(), " of " + step.name()));
                continue;
            }
            if (rule.where().isEmpty()) {
                problems.add(rule.at(), MatrixEntry.EXCLUDE, "this exclude names no axis");
                continue;
            }
            budget.work(left.size());
            List<Map<String, Axis.Value>> kept =
                    left.stream().filter(one -> !rule.matches(one)).toList();
            if (kept.size() == left.size()) {
                matchesNone(rule, MatrixEntry.EXCLUDE);
            }
            left = kept;
        }
        if (left.isEmpty() && !matrix.combinations().isEmpty()) {
            problems.add(
                    step.matrix().exclude().key(),
                    MatrixEntry.EXCLUDE,
                    "no cell is left of the step %s behind its exclude".formatted(step.name()));
        }
        return new Matrix(matrix.axes(), left);
    }

    /** The rules that change settings; the matrix is the one without what is excluded. */
    List<Rule> included(Resolver resolver) {
        List<Rule> rules = read(step.matrix().include(), MatrixEntry.INCLUDE, resolver);
        for (Rule rule : rules) {
            budget.work(matrix.combinations().size());
            if (rule.settings().isEmpty()) {
                problems.add(
                        rule.at(),
                        MatrixEntry.INCLUDE,
                        "this include changes nothing: it names axes only, and adds no cell",
                        "a setting beside the axes, such as epochs: 3");
            } else if (matrix.combinations().stream().noneMatch(rule::matches)) {
                matchesNone(rule, MatrixEntry.INCLUDE);
            }
        }
        return rules;
    }

    private List<Rule> read(Tree.Entry entry, String what, Resolver resolver) {
        if (entry == null) {
            return List.of();
        }
        Tree tree = resolver.resolve(entry.value());
        Shapes shapes = new Shapes(problems);
        if (!(tree instanceof Tree.Sequence sequence)) {
            if (!(tree instanceof Tree.Failed)) {
                shapes.wrong(tree, what, "a list");
            }
            return List.of();
        }
        if (sequence.items().isEmpty()) {
            problems.add(tree.at(), what, "%s has no rule".formatted(what), "leave it out");
        }
        List<Rule> rules = new ArrayList<>();
        for (Tree item : sequence.items()) {
            shapes.mapping(item, what)
                    .map(rule -> Rule.of(rule, matrix.axes()))
                    .filter(rule -> rule.where().values().stream().noneMatch(Tree.Failed.class::isInstance))
                    .ifPresent(rules::add);
        }
        return rules;
    }

    private void matchesNone(Rule rule, String what) {
        for (Map.Entry<String, Tree> wanted : rule.where().entrySet()) {
            Set<String> values = new LinkedHashSet<>();
            matrix.combinations()
                    .forEach(one -> values.add(one.get(wanted.getKey()).shown()));
            String value = Rule.text(wanted.getValue());
            if (!values.contains(value)) {
                problems.add(
                        rule.at(),
                        what,
                        "this %s matches no cell: none has %s=%s".formatted(what, wanted.getKey(), value),
                        Nearest.advice(value, values));
                return;
            }
        }
        problems.add(rule.at(), what, "this %s matches no cell".formatted(what));
    }
}
