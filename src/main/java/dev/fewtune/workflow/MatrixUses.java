package dev.fewtune.workflow;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;

/** Finds the axes that expressions use. */
final class MatrixUses {
    private final Set<String> names = new HashSet<>();

    private MatrixUses() {}

    /** The names behind {@code matrix.} in {@code with} and {@code if} of all steps. */
    static Set<String> of(List<StepEntry> steps) {
        MatrixUses uses = new MatrixUses();
        for (StepEntry step : steps) {
            step.with().values().forEach(entry -> uses.look(entry.value()));
            if (step.condition() != null) {
                uses.look(Condition.expression(step.condition()));
            }
        }
        return uses.names;
    }

    private void look(Tree tree) {
        if (tree instanceof Tree.Sequence sequence) {
            sequence.items().forEach(this::look);
        } else if (tree instanceof Tree.Mapping mapping) {
            mapping.entries().values().forEach(entry -> look(entry.value()));
        } else if (Resolver.holdsExpression(tree.plain())) {
            Matcher matcher = Resolver.EXPRESSION.matcher((String) tree.plain());
            while (matcher.find()) {
                read(matcher.group(1));
            }
        }
    }

    private void read(String expression) {
        try {
            new Tokens(expression)
                    .words().stream()
                            .filter(word -> word.startsWith(Scope.MATRIX))
                            .forEach(word -> names.add(word.substring(Scope.MATRIX.length())));
        } catch (Expression.Wrong told) {
            // The planning tells it, with its place.
        }
    }
}
