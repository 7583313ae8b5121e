package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces expressions by their values, within bounds. */
record Resolver(Scope scope, Problems problems, Budget budget) {
    /** With what stands between the braces as its group. */
    static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{(.*?)}}", Pattern.DOTALL);

    private static final String BEGIN = "${{";
    private static final int LONGEST_TEXT = 10_000;

    /** Whether a value holds an expression, or what looks like the begin of one. */
    static boolean holdsExpression(Object value) {
        return value instanceof String text && text.contains(BEGIN);
    }

    static boolean holdsExpression(Tree tree) {
        if (tree instanceof Tree.Sequence sequence) {
            return sequence.items().stream().anyMatch(Resolver::holdsExpression);
        }
        if (tree instanceof Tree.Mapping mapping) {
            return mapping.entries().values().stream().anyMatch(entry -> holdsExpression(entry.value()));
        }
        return holdsExpression(tree.plain());
    }

    /** The same tree without expressions; a wrong one is a problem, and {@link Tree.Failed} in the tree. */
    Tree resolve(Tree tree) {
        budget.work(1);
        if (tree instanceof Tree.Sequence sequence) {
            return sequence(sequence);
        }
        if (tree instanceof Tree.Mapping mapping) {
            return mapping(mapping);
        }
        return tree instanceof Tree.Scalar scalar && holdsExpression(scalar.value()) ? replaced(scalar) : tree;
    }

    private Tree sequence(Tree.Sequence sequence) {
        List<Tree> items = new ArrayList<>();
        long size = 0;
        for (Tree item : sequence.items()) {
            items.add(resolve(item));
            size += items.get(items.size() - 1).size();
            if (size > TreeReader.MAX_NODES) {
                return tooBig(sequence);
            }
        }
        return Tree.Sequence.of(items, sequence.at());
    }

    private Tree mapping(Tree.Mapping mapping) {
        Map<String, Tree.Entry> entries = new LinkedHashMap<>();
        long size = 0;
        for (Map.Entry<String, Tree.Entry> entry : mapping.entries().entrySet()) {
            Tree value = resolve(entry.getValue().value());
            entries.put(entry.getKey(), new Tree.Entry(entry.getValue().key(), value));
            size += value.size();
            if (size > TreeReader.MAX_NODES) {
                return tooBig(mapping);
            }
        }
        return Tree.Mapping.of(entries, mapping.at());
    }

    private Tree tooBig(Tree tree) {
        problems.add(
                tree.at(),
                "too-big",
                "with its expressions worked out this holds more than %,d values".formatted(TreeReader.MAX_NODES));
        return new Tree.Failed(tree.at());
    }

    private Tree replaced(Tree.Scalar scalar) {
        String text = (String) scalar.value();
        Matcher matcher = EXPRESSION.matcher(text);
        if (!matcher.find()) {
            problems.add(scalar.at(), "expression", "the expression has no end: }} is missing");
            return new Tree.Failed(scalar.at());
        }
        try {
            return matcher.start() == 0 && matcher.end() == text.length()
                    ? whole(scalar, matcher)
                    : woven(scalar, text, matcher);
        } catch (Expression.Wrong wrong) {
            problems.add(scalar.text().right(matcher.start(1) + wrong.column()), "expression", wrong.getMessage());
            return new Tree.Failed(scalar.at());
        }
    }

    private Tree whole(Tree.Scalar scalar, Matcher matcher) {
        Tree value = Tree.of(Expression.value(matcher.group(1), scope, budget), scalar.at());
        budget.work(value.size());
        return value;
    }

    private Tree woven(Tree.Scalar scalar, String text, Matcher matcher) {
        StringBuilder whole = new StringBuilder();
        int from = 0;
        do {
            whole.append(text, from, matcher.start()).append(Expression.value(matcher.group(1), scope, budget));
            from = matcher.end();
            if (whole.length() > LONGEST_TEXT) {
                problems.add(
                        scalar.at(),
                        "too-big",
                        "with its expressions worked out the text has more than %,d characters"
                                .formatted(LONGEST_TEXT));
                return new Tree.Failed(scalar.at());
            }
        } while (matcher.find());
        return Tree.of(whole.append(text.substring(from)).toString(), scalar.at());
    }
}
