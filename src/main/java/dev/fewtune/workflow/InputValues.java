package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives every input its value and checks its type. */
record InputValues(ModelReader models, Problems problems) {
    static final int LONGEST_LIST = 10_000;

    /** Checks the defaults, whether or not all inputs have one. */
    void checkDefaults(List<Input> inputs) {
        inputs.stream().filter(input -> input.fallback() != null).forEach(input -> check(input, input.fallback()));
    }

    /** @param given by name, typed; names that are no inputs are problems */
    Map<String, Object> typed(Workflow workflow, Map<String, Object> given) {
        List<String> names = workflow.inputs().stream().map(Input::name).toList();
        given.keySet().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> problems.unknown(Mark.START, "input", name, names));
        Map<String, Object> values = new LinkedHashMap<>();
        for (Input input : workflow.inputs()) {
            Object value = given.getOrDefault(input.name(), input.fallback());
            if (value == null) {
                problems.add(
                        input.at(),
                        "missing-input",
                        "the input %s has no default and was not given".formatted(input.name()),
                        "--input %s=…".formatted(input.name()));
                continue;
            }
            check(input, value);
            values.put(input.name(), Tree.of(value, input.at()).plain());
        }
        return values;
    }

    /** Texts as they are typed on a command line or in a form; lists part their items by commas. */
    static Map<String, Object> fromTexts(Workflow workflow, Map<String, String> given) {
        Map<String, Object> values = new LinkedHashMap<>();
        given.forEach((name, text) -> values.put(
                name,
                workflow.inputs().stream()
                        .filter(input -> input.name().equals(name))
                        .findFirst()
                        .map(input -> parsed(input, text))
                        .orElse(text)));
        return values;
    }

    private static Object parsed(Input input, String text) {
        if (Input.LIST.equals(input.type())) {
            List<Object> items = new ArrayList<>();
            Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .forEach(item -> items.add(item(input, item)));
            return items;
        }
        return scalar(input.type(), text.strip());
    }

    /** A word may name a variant that the default of the input defines. */
    private static Object item(Input input, String text) {
        if (input.fallback() instanceof List<?> defaults) {
            for (Object item : defaults) {
                if (item instanceof Map<?, ?> variant && variant.keySet().equals(Set.of(text))) {
                    return item;
                }
            }
        }
        return scalar(input.of(), text);
    }

    private static Object scalar(String type, String text) {
        try {
            if ("integer".equals(type)) {
                return Long.parseLong(text);
            }
            if ("number".equals(type)) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException noNumber) {
            return text;
        }
        return "boolean".equals(type) && (text.equals("true") || text.equals("false"))
                ? (Object) Boolean.valueOf(text)
                : text;
    }

    private void check(Input input, Object value) {
        if (!Input.LIST.equals(input.type())) {
            checkScalar(input, input.type(), value);
        } else if (!(value instanceof List<?> list)) {
            wrong(input, "a list", value);
        } else if (list.size() > LONGEST_LIST) {
            problems.add(
                    input.at(),
                    "too-big",
                    "the input %s has %,d items; at most %,d are allowed"
                            .formatted(input.name(), list.size(), LONGEST_LIST));
        } else {
            list.forEach(item -> checkScalar(input, input.of(), item));
        }
    }

    private void checkScalar(Input input, String type, Object value) {
        boolean right = type == null
                || switch (type) {
                    case "integer" -> value instanceof Long || value instanceof Integer;
                    case "number" -> value instanceof Number;
                    case "boolean" -> value instanceof Boolean;
                    case "method" -> value instanceof String || value instanceof Map;
                    default -> value instanceof String;
                };
        if (!right) {
            wrong(input, "of type " + type, value);
        } else if ("model".equals(type)) {
            models.read((String) value, input.at(), problems);
        }
    }

    private void wrong(Input input, String wanted, Object value) {
        problems.add(
                input.at(),
                "wrong-type",
                "the input %s must be %s, but is '%s'".formatted(input.name(), wanted, value));
    }
}
