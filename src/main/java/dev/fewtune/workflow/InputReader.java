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
        shapes.onlyKeys(input, KEYS, "in an input");
        if (input.get("type") == null) {
            problems.add(at, "missing-key", "the input %s has no type".formatted(name));
            return;
        }
        List<String> types = new ArrayList<>(Input.SCALARS);
        types.add("list");
        String type = known(input.get("type"), types);
        String of = input.get("of") == null ? null : known(input.get("of"), Input.SCALARS);
        if ("list".equals(type) && of == null) {
            problems.add(at, "missing-key", "the list %s does not say of what".formatted(name), "of: string");
        }
        Object fallback =
                input.get("default") == null ? null : input.get("default").plain();
        String description = input.get("description") == null
                ? ""
                : shapes.text(input.get("description"), "description").orElse("");
        Mark shown = input.get("default") == null ? at : input.get("default").at();
        inputs.add(new Input(name, type, of, fallback, description, shown.line(), shown.column()));
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
