package dev.fewtune.web;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param next what to give as {@code after} for the following page; null on the last one
 */
public record Listing<T>(List<T> items, Long next) {
    static final int MOST = 1000;

    /** @param found up to one item more than wanted */
    static <T> Listing<T> of(List<T> found, int limit, Function<T, Long> cursor) {
        if (found.size() <= limit) {
            return new Listing<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Listing<>(List.copyOf(items), cursor.apply(items.get(limit - 1)));
    }

    static int checked(int limit) {
        if (limit < 1 || limit > MOST) {
            throw Refused.badRequest("limit (%s) must lie in [1, %s].".formatted(limit, MOST));
        }
        return limit;
    }
}
