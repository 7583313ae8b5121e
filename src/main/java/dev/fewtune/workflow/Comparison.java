package dev.fewtune.workflow;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How values of expressions compare: whole numbers and others by their value, all else by equality. */
final class Comparison {
    private static final int CHARACTERS = 100;

    private Comparison() {}

    /** Empty where the values have no order and the sign asks for one. */
    static Optional<Boolean> of(String sign, Object left, Object right) {
        if (sign.equals("==") || sign.equals("!=")) {
            return Optional.of(same(left, right) == sign.equals("=="));
        }
        if (!(left instanceof Number a) || !(right instanceof Number b)) {
            return Optional.empty();
        }
        int order = Double.compare(a.doubleValue(), b.doubleValue());
        return Optional.of(
                switch (sign) {
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order >= 0;
                });
    }

    static boolean holds(List<?> list, Object part) {
        for (Object item : list) {
            if (same(item, part)) {
                return true;
            }
        }
        return false;
    }

    /** What it costs to look through a value. */
    static long weight(Object value) {
        if (value instanceof List<?> list) {
            return list.size();
        }
        return value instanceof String text ? text.length() / CHARACTERS : 0;
    }

    private static boolean same(Object left, Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        return Objects.equals(left, right);
    }
}
