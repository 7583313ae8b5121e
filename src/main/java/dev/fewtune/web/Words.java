package dev.fewtune.web;

import java.util.Arrays;
import java.util.Locale;

/** Words of an enum in a query. */
final class Words {
    private Words() {}

    /** @return null for null or an empty text */
    static <E extends Enum<E>> E of(Class<E> type, String name, String word) {
        if (word == null || word.isBlank()) {
            return null;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> Refused.badRequest(
                        "%s (%s) must be one of %s.".formatted(name, word, Arrays.toString(type.getEnumConstants()))));
    }
}
