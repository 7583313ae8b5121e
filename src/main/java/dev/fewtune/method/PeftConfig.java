package dev.fewtune.method;

import dev.fewtune.spec.CellFailure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an adapter_config.json of HF PEFT says. A field that is missing or null has PEFT's default. */
public record PeftConfig(Map<String, Object> fields) {
    public PeftConfig {
        fields = new LinkedHashMap<>(fields);
    }

    public String type() {
        return text("peft_type", "");
    }

    /** @throws CellFailure with cause YOURS where the field holds something else */
    public String text(String name, String fallback) {
        return value(name, String.class, "a text", fallback);
    }

    /** Failures as above. */
    public int integer(String name, int fallback) {
        return value(name, Number.class, "a number", fallback).intValue();
    }

    /** Failures as above. */
    public double number(String name, double fallback) {
        return value(name, Number.class, "a number", fallback).doubleValue();
    }

    /** Failures as above. */
    public boolean flag(String name) {
        return value(name, Boolean.class, "true or false", false);
    }

    /**
     * For fields that change what is computed in a way that is not known here.
     *
     * @throws CellFailure with cause YOURS where one of them is set
     */
    public void refuse(String... names) {
        for (String name : names) {
            Object value = fields.get(name);
            if (value != null && !isNothing(value)) {
                throw CellFailure.yours(
                        "adapter_config.json has %s: %s, which Fewtune does not compute. Maybe merge the adapter into its "
                                + "model in PEFT (merge_and_unload), and use the model.",
                        name, value);
            }
        }
    }

    private static boolean isNothing(Object value) {
        return value.equals(false)
                || value.equals("none")
                || value instanceof Map<?, ?> map && map.isEmpty()
                || value instanceof Collection<?> list && list.isEmpty();
    }

    private <V> V value(String name, Class<V> type, String kind, V fallback) {
        Object value = fields.get(name);
        if (value == null) {
            return fallback;
        }
        if (!type.isInstance(value)) {
            throw CellFailure.yours("%s in adapter_config.json must be %s, not %s.", name, kind, value);
        }
        return type.cast(value);
    }
}
