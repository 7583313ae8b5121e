package dev.fewtune.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code inputs:}. */
record InputReader(Shapes shapes, Problems problems) {
    private static final Set<String> KEYS = Set.of("type", "of", "default", "description");

    List<Input> read(Tree tree) {
        List<Input> inputs = new ArrayList<>();
        shapes.mapping(tree, "inputs").ifPresent(mapping -> mapping.entries()
                .forEach((name, entry) -> shapes.mapping(entry.value(), "the input " + name)
                        .ifPresent(input -> add(inputs, name, entry.key(), input))));
        return inputs;
    }

    private void add(List<Input> inputs, String name, Mark at, Tree.Mapping input) {
        Names.WORD.check(name, "the name of an input", at, problems);
        shapes.onlyKeys(input, KEYS, "in an input");
        if (input.get("type") == null) {
            problems.add(at, "missing-key", "the input %s has no type".formatted(name));
            return;
        }
        List<String> types = new ArrayList<>(Input.SCALARS);
        types.add(Input.LIST);
        String type = known(input.get("type"), types);
        String description = input.get("description") == null
                ? ""
                : shapes.text(input.get("description"), "description").orElse("");
        Mark shown = input.get("default") == null ? at : input.get("default").at();
        inputs.add(new Input(
                name, type, of(name, at, type, input), fallback(input), description, shown.line(), shown.column()));
    }

    private String of(String name, Mark at, String type, Tree.Mapping input) {
        if (input.get("of") == null) {
            if (Input.LIST.equals(type)) {
                problems.add(at, "missing-key", "the list %s does not say of what".formatted(name), "of: string");
            }
            return null;
        }
        if (type != null && !Input.LIST.equals(type)) {
            problems.add(
                    input.entries().get("of").key(),
                    "input",
                    "the input %s is no list, so that it cannot say of what".formatted(name),
                    "type: list");
        }
        return known(input.get("of"), Input.SCALARS);
    }

    private Object fallback(Tree.Mapping input) {
        Tree fallback = input.get("default");
        if (fallback == null) {
            return null;
        }
        if (fallback.plain() == null) {
            problems.add(fallback.at(), "wrong-type", "the default is nothing", "leave it out");
        }
        return fallback.plain();
    }

    private String known(Tree tree, List<String> types) {
        String type = shapes.text(tree, "type").orElse(null);
        if (type != null && !types.contains(type)) {
            problems.unknown(tree.at(), "type", type, types);
            return null;
        }
        return type;
    }
}
