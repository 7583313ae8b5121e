package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces expressions by their values. */
record Resolver(Expression.Scope scope, Problems problems) {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{(.*?)}}", Pattern.DOTALL);

    /** The same tree without expressions; a wrong one is a problem and stays. */
    Tree resolve(Tree tree) {
        if (tree instanceof Tree.Sequence sequence) {
            List<Tree> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(resolve(item)));
            return Tree.Sequence.of(items, sequence.at());
        }
        if (tree instanceof Tree.Mapping mapping) {
            Map<String, Tree.Entry> entries = new LinkedHashMap<>();
            mapping.entries()
                    .forEach((key, entry) -> entries.put(key, new Tree.Entry(entry.key(), resolve(entry.value()))));
            return Tree.Mapping.of(entries, mapping.at());
        }
        Tree.Scalar scalar = (Tree.Scalar) tree;
        return scalar.value() instanceof String text && text.contains("${{") ? replaced(scalar, text) : tree;
    }

    private Tree replaced(Tree.Scalar scalar, String text) {
        Matcher matcher = EXPRESSION.matcher(text);
        if (matcher.matches()) {
            return Tree.of(value(scalar, matcher), scalar.at());
        }
        StringBuilder whole = new StringBuilder();
        int from = 0;
        matcher.reset();
        while (matcher.find()) {
            whole.append(text, from, matcher.start()).append(value(scalar, matcher));
            from = matcher.end();
        }
        if (from == 0) {
            problems.add(scalar.at(), "expression", "the expression has no end: }} is missing");
        }
        return Tree.of(whole.append(text.substring(from)).toString(), scalar.at());
    }

    private Object value(Tree.Scalar scalar, Matcher matcher) {
        try {
            return Expression.value(matcher.group(1), scope);
        } catch (Expression.Wrong wrong) {
            problems.add(scalar.text().right(matcher.start(1) + wrong.column()), "expression", wrong.getMessage());
            return null;
        }
    }
}
