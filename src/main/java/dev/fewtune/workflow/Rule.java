package dev.fewtune.workflow;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One map of {@code exclude} or {@code include}.
 *
 * @param where values that a cell must have, by axis
 * @param settings what it changes, by name; empty for exclude
 */
record Rule(Mark at, Map<String, Tree> where, Map<String, Tree.Entry> settings) {

    static Rule of(Tree.Mapping rule, Collection<String> axes) {
        Map<String, Tree> where = new LinkedHashMap<>();
        Map<String, Tree.Entry> settings = new LinkedHashMap<>();
        rule.entries().forEach((name, entry) -> {
            if (axes.contains(name)) {
                where.put(name, entry.value());
            } else {
                settings.put(name, entry);
            }
        });
        return new Rule(rule.at(), Collections.unmodifiableMap(where), Collections.unmodifiableMap(settings));
    }

    boolean matches(Map<String, Axis.Value> combination) {
        return where.entrySet().stream()
                .allMatch(entry -> combination.get(entry.getKey()).shown().equals(text(entry.getValue())));
    }

    static String text(Tree value) {
        return String.valueOf(value.plain());
    }
}
