package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The language between {@code ${{} and {@code }}}: {@code inputs.x}, {@code matrix.x}, literals, comparison, {@code && ||
 * !}, parentheses and {@code contains(list, value)}. It computes; it cannot loop, call out or grow.
 */
final class Expression {
    private static final int LONGEST = 1000;
    private static final int DEEPEST = 40;
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(?<number>-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)|'(?<text>(?:[^']|'')*)'"
                    + "|(?<word>[A-Za-z_][A-Za-z0-9_.-]*)|(?<sign>==|!=|<=|>=|&&|\\|\\||[!<>(),]))");

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

    /** The values that names stand for: inputs, and in a cell matrix. */
    record Scope(Map<String, Object> inputs, Map<String, Object> matrix) {}

    private record Token(String kind, String text, int column) {}

    private final String text;
    private final Scope scope;
    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int depth;

    private Expression(String text, Scope scope) {
        this.text = text;
        this.scope = scope;
    }

    /** @throws Wrong with the place */
    static Object value(String text, Scope scope) {
        if (text.length() > LONGEST) {
            throw new Wrong(0, "the expression is longer than %d characters".formatted(LONGEST));
        }
        Expression expression = new Expression(text, scope);
        expression.split();
        Object value = expression.either();
        if (expression.next < expression.tokens.size()) {
            throw expression.wrong("'%s' does not belong here".formatted(expression.peek()));
        }
        return value;
    }

    private void split() {
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (!text.substring(at).isBlank()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new Wrong(
                        at, "'%s' cannot be read".formatted(text.substring(at).strip()));
            }
            for (String kind : List.of("number", "text", "word", "sign")) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group(kind), matcher.start(kind)));
                }
            }
            at = matcher.end();
        }
    }

    private Object either() {
        Object left = both();
        while (take("||")) {
            Object right = both();
            left = truth(left) || truth(right);
        }
        return left;
    }

    private Object both() {
        Object left = compared();
        while (take("&&")) {
            Object right = compared();
            left = truth(left) && truth(right);
        }
        return left;
    }

    private Object compared() {
        Object left = negated();
        for (String sign : List.of("==", "!=", "<=", ">=", "<", ">")) {
            if (take(sign)) {
                return compare(sign, left, negated());
            }
        }
        return left;
    }

    private Object negated() {
        if (++depth > DEEPEST) {
            throw wrong("the expression is nested deeper than %d".formatted(DEEPEST));
        }
        Object value = take("!") ? (Object) !truth(negated()) : single();
        depth--;
        return value;
    }

    private Object single() {
        if (take("(")) {
            Object value = either();
            need(")");
            return value;
        }
        if (next >= tokens.size()) {
            throw new Wrong(text.length(), "the expression ends too early");
        }
        Token token = tokens.get(next++);
        return switch (token.kind()) {
            case "number" -> number(token.text());
            case "text" -> token.text().replace("''", "'");
            case "word" -> word(token);
            default -> throw new Wrong(token.column(), "'%s' does not belong here".formatted(token.text()));
        };
    }

    private Object word(Token token) {
        switch (token.text()) {
            case "true":
                return true;
            case "false":
                return false;
            case "contains":
                return contains();
            default:
                return named(token);
        }
    }

    private Object contains() {
        need("(");
        Object whole = either();
        need(",");
        Object part = either();
        need(")");
        if (whole instanceof List<?> list) {
            return list.stream().anyMatch(item -> same(item, part));
        }
        return String.valueOf(whole).contains(String.valueOf(part));
    }

    private Object named(Token token) {
        String[] parts = token.text().split("\\.", 2);
        Map<String, Object> values =
                parts[0].equals("inputs") ? scope.inputs() : parts[0].equals("matrix") ? scope.matrix() : null;
        if (values == null || parts.length < 2) {
            throw new Wrong(
                    token.column(),
                    "'%s' is not known here; names begin with inputs.%s"
                            .formatted(token.text(), scope.matrix() == null ? "" : " or matrix."));
        }
        if (!values.containsKey(parts[1])) {
            String advice = Nearest.advice(parts[1], values.keySet());
            throw new Wrong(
                    token.column(),
                    "there is no %s.%s%s".formatted(parts[0], parts[1], advice.isEmpty() ? "" : "; maybe " + advice));
        }
        return values.get(parts[1]);
    }

    private Object compare(String sign, Object left, Object right) {
        if (sign.equals("==") || sign.equals("!=")) {
            return same(left, right) == sign.equals("==");
        }
        if (!(left instanceof Number a) || !(right instanceof Number b)) {
            throw wrong("only numbers have an order: %s %s %s".formatted(left, sign, right));
        }
        int order = Double.compare(a.doubleValue(), b.doubleValue());
        return switch (sign) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static boolean same(Object left, Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        return Objects.equals(left, right);
    }

    private static Object number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException fraction) {
            return Double.parseDouble(text);
        }
    }

    private boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw wrong("'%s' is neither true nor false".formatted(value));
    }

    private boolean take(String sign) {
        boolean here = next < tokens.size() && tokens.get(next).kind().equals("sign") && peek().equals(sign);
        next += here ? 1 : 0;
        return here;
    }

    private void need(String sign) {
        if (!take(sign)) {
            throw wrong("'%s' is missing".formatted(sign));
        }
    }

    private String peek() {
        return tokens.get(next).text();
    }

    private Wrong wrong(String message) {
        return new Wrong(next < tokens.size() ? tokens.get(next).column() : text.length(), message);
    }
}
