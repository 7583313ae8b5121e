package dev.fewtune.web;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.TaskSpec;
import dev.fewtune.workflow.Input;
import dev.fewtune.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One field of the form of a workflow.
 *
 * @param kind checks, select, number or text
 * @param value as text; items of a list parted by commas
 * @param options to choose from; of a text, words that it may be among others
 * @param problems that name this input
 */
public record Field(String name, String kind, String says, String value, List<Option> options, List<String> problems) {
    /** One thing that can be chosen. */
    public record Option(String word, boolean chosen) {}

    /** @param given what was typed so far, by name; the default stands for what is absent */
    static List<Field> of(
            Workflow workflow, Catalog catalog, Map<String, String> given, Map<String, List<String>> problems) {
        return workflow.inputs().stream()
                .map(input -> of(input, workflow, catalog, given, problems.getOrDefault(input.name(), List.of())))
                .toList();
    }

    static String name(Input input) {
        return "input." + input.name();
    }

    private static Field of(
            Input input, Workflow workflow, Catalog catalog, Map<String, String> given, List<String> problems) {
        String value = given.getOrDefault(input.name(), text(input.fallback()));
        String type = "list".equals(input.type()) ? input.of() : input.type();
        Set<String> words = words(type, workflow, catalog);
        boolean several = "list".equals(input.type());
        if (words.isEmpty() || "model".equals(type)) {
            boolean number = !several && ("integer".equals(type) || "number".equals(type));
            String says = several ? input.description() + " (parted by commas)" : input.description();
            List<Option> known =
                    words.stream().map(word -> new Option(word, false)).toList();
            return new Field(name(input), number ? "number" : "text", says.strip(), value, known, problems);
        }
        List<String> chosen = List.of(value.split("\\s*,\\s*"));
        Set<String> all = new LinkedHashSet<>(items(input.fallback()));
        all.addAll(words);
        List<Option> options = all.stream()
                .map(word -> new Option(word, chosen.contains(word)))
                .toList();
        return new Field(name(input), several ? "checks" : "select", input.description(), value, options, problems);
    }

    private static Set<String> words(String type, Workflow workflow, Catalog catalog) {
        return switch (String.valueOf(type)) {
            case "method" ->
                names(catalog.methods().stream().map(MethodSpec::name).toList());
            case "model" ->
                names(catalog.backbones().stream()
                        .filter(model -> model.absent().isEmpty())
                        .map(BackboneSpec::name)
                        .toList());
            case "task" -> {
                List<String> tasks = new ArrayList<>(workflow.tasks().keySet());
                catalog.tasks().stream().map(TaskSpec::name).forEach(tasks::add);
                yield names(tasks);
            }
            case "boolean" -> names(List.of("true", "false"));
            default -> Set.of();
        };
    }

    private static Set<String> names(List<String> words) {
        return new LinkedHashSet<>(words);
    }

    private static String text(Object fallback) {
        return String.join(", ", items(fallback));
    }

    /** A variant is shown by its name. */
    private static List<String> items(Object fallback) {
        if (fallback == null) {
            return List.of();
        }
        if (fallback instanceof List<?> list) {
            return list.stream().map(Field::word).collect(Collectors.toList());
        }
        return List.of(word(fallback));
    }

    private static String word(Object item) {
        return item instanceof Map<?, ?> variant
                ? String.valueOf(variant.keySet().iterator().next())
                : String.valueOf(item);
    }
}
