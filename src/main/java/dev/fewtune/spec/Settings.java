package dev.fewtune.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings by name, checked against what is known and completed by the defaults. */
public record Settings(Map<String, Object> values) {

    public Settings {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Checks given values and fills in defaults.
     *
     * @throws IllegalArgumentException naming every unknown name and every illegal value
     */
    public static Settings of(List<Setting> known, Map<String, ?> given) {
        List<String> problems = new ArrayList<>();
        for (String name : given.keySet()) {
            if (known.stream().noneMatch(setting -> setting.name().equals(name))) {
                problems.add("There is no setting %s.".formatted(name));
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Setting setting : known) {
            Object value = given.get(setting.name()) == null ? setting.fallback() : given.get(setting.name());
            if (value == null) {
                continue;
            }
            setting.problem(value)
                    .ifPresentOrElse(problems::add, () -> values.put(setting.name(), setting.canonical(value)));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", problems));
        }
        return new Settings(values);
    }

    public int integer(String name) {
        return Math.toIntExact(((Number) required(name)).longValue());
    }

    public long whole(String name) {
        return ((Number) required(name)).longValue();
    }

    public double number(String name) {
        return ((Number) required(name)).doubleValue();
    }

    public boolean flag(String name) {
        return (Boolean) required(name);
    }

    public String text(String name) {
        return (String) required(name);
    }

    @SuppressWarnings("unchecked")
    public List<String> texts(String name) {
        return (List<String>) required(name);
    }

    public Optional<Object> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    private Object required(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("The setting %s is missing.".formatted(name)));
    }
}
