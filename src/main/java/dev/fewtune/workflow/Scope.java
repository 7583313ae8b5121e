package dev.fewtune.workflow;

import java.util.Map;

/**
 * The values that names in an expression stand for.
 *
 * @param matrix of the cell; null outside of a cell
 */
record Scope(Map<String, Object> inputs, Map<String, Object> matrix) {
    /** The prefix of the names of axes. */
    static final String MATRIX = "matrix.";

    private static final String INPUTS = "inputs.";

    /** @throws Expression.Wrong where there is no such name */
    Object value(Tokens.Token name) {
        String word = name.text();
        if (word.startsWith(INPUTS)) {
            return value(name, INPUTS, inputs);
        }
        if (word.startsWith(MATRIX) && matrix != null) {
            return value(name, MATRIX, matrix);
        }
        throw new Expression.Wrong(
                name.column(),
                "'%s' is not known here; names begin with %s%s"
                        .formatted(word, INPUTS, matrix == null ? "" : " or " + MATRIX));
    }

    private static Object value(Tokens.Token name, String prefix, Map<String, Object> values) {
        String key = name.text().substring(prefix.length());
        if (!values.containsKey(key)) {
            String advice = Nearest.advice(key, values.keySet());
            throw new Expression.Wrong(
                    name.column(),
                    "there is no %s%s%s".formatted(prefix, key, advice.isEmpty() ? "" : "; maybe " + advice));
        }
        return values.get(key);
    }
}
