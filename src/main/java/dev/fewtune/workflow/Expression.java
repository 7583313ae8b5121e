package dev.fewtune.workflow;

import java.util.List;

/**
 * The language between {@code ${{} and {@code }}}: {@code inputs.x}, {@code matrix.x}, literals, comparison, {@code && ||
 * !}, parentheses and {@code contains(list, value)}. It computes; it cannot loop, call out or grow.
 */
final class Expression {
    private static final int DEEPEST = 40;

    /** @param column place in the expression's text, from 0 */
    static final class Wrong extends RuntimeException {
        private final int column;

        Wrong(int column, String message) {
            super(message);
            this.column = column;
        }

        int column() {
            return column;
        }
    }

    private final Tokens tokens;
    private final Scope scope;
    private final Budget budget;
    private int depth;

    private Expression(Tokens tokens, Scope scope, Budget budget) {
        this.tokens = tokens;
        this.scope = scope;
        this.budget = budget;
    }

    /**
     * @throws Wrong with the place
     * @throws Budget.Exceeded where the planning has computed too much
     */
    static Object value(String text, Scope scope, Budget budget) {
        Tokens tokens = new Tokens(text);
        budget.work(tokens.count());
        Object value = new Expression(tokens, scope, budget).either();
        tokens.needEnd();
        return value;
    }

    private Object either() {
        Object left = both();
        while (tokens.take("||")) {
            Object right = both();
            left = truth(left) || truth(right);
        }
        return left;
    }

    private Object both() {
        Object left = compared();
        while (tokens.take("&&")) {
            Object right = compared();
            left = truth(left) && truth(right);
        }
        return left;
    }

    private Object compared() {
        Object left = negated();
        for (String sign : List.of("==", "!=", "<=", ">=", "<", ">")) {
            if (tokens.take(sign)) {
                return compare(sign, left, negated());
            }
        }
        return left;
    }

    private Object negated() {
        if (++depth > DEEPEST) {
            throw tokens.wrong("the expression is nested deeper than %d".formatted(DEEPEST));
        }
        Object value = tokens.take("!") ? (Object) !truth(negated()) : single();
        depth--;
        return value;
    }

    private Object single() {
        if (tokens.take("(")) {
            Object value = either();
            tokens.need(")");
            return value;
        }
        Tokens.Token token = tokens.next();
        return switch (token.kind()) {
            case "number" -> number(token.text());
            case "text" -> token.text().replace("''", "'");
            case "word" -> word(token);
            default -> throw new Wrong(token.column(), "'%s' does not belong here".formatted(token.text()));
        };
    }

    private static Object number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException fraction) {
            return Double.parseDouble(text);
        }
    }

    private Object word(Tokens.Token token) {
        return switch (token.text()) {
            case "true" -> true;
            case "false" -> false;
            case "contains" -> contains();
            default -> scope.value(token);
        };
    }

    private Object contains() {
        tokens.need("(");
        Object whole = either();
        tokens.need(",");
        Object part = either();
        tokens.need(")");
        budget.work(Comparison.weight(whole));
        if (whole instanceof List<?> list) {
            return Comparison.holds(list, part);
        }
        return String.valueOf(whole).contains(String.valueOf(part));
    }

    private Object compare(String sign, Object left, Object right) {
        budget.work(Comparison.weight(left));
        return Comparison.of(sign, left, right)
                .orElseThrow(() -> tokens.wrong("only numbers have an order: %s %s %s".formatted(left, sign, right)));
    }

    private boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw tokens.wrong("'%s' is neither true nor false".formatted(value));
    }
}
