package dev.fewtune.workflow;

import dev.fewtune.spec.Template;
import dev.fewtune.spec.Templates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads how a task is put into words. */
record WordingReader(Shapes shapes, Problems problems) {
    private static final String TEMPLATE = "template";
    private static final String VERBALIZER = "verbalizer";

    /** Empty where there is none, or none that can be used. */
    String template(Tree.Mapping task, List<String> columns, String name) {
        Tree tree = task.get(TEMPLATE);
        if (tree == null) {
            if (columns.size() > 2) {
                problems.add(
                        task.get("text").at(),
                        "wrong-type",
                        "the task %s has %d texts; without a template it has one or two"
                                .formatted(name, columns.size()),
                        "template: \"%s\"".formatted(Templates.usual(columns.size())));
            }
            return "";
        }
        String said = shapes.text(tree, TEMPLATE).orElse("");
        if (!said.isEmpty()) {
            check(tree, said, columns);
        }
        return said;
    }

    /** By label, in the order of the file. */
    Map<String, String> verbalizer(Tree tree, List<String> labels) {
        Map<String, String> words = new LinkedHashMap<>();
        if (tree == null) {
            return words;
        }
        shapes.mapping(tree, VERBALIZER).ifPresent(mapping -> {
            mapping.entries().forEach((label, entry) -> word(words, label, entry, labels));
            if (mapping.entries().size() < 2) {
                problems.add(tree.at(), VERBALIZER, "a verbalizer has a word for each of two classes or more");
            }
            List<String> without = new ArrayList<>(labels);
            without.removeAll(mapping.entries().keySet());
            if (!without.isEmpty()) {
                problems.add(
                        tree.at(),
                        VERBALIZER,
                        "the verbalizer has no word for the label '%s'".formatted(without.get(0)),
                        "%s: %s".formatted(without.get(0), without.get(0)));
            }
        });
        return words;
    }

    private void check(Tree tree, String said, List<String> columns) {
        String text = Templates.text(said).orElse(said);
        if (text.equals(said) && said.matches("[\\w.-]+")) {
            problems.unknown(tree.at(), TEMPLATE, said, Templates.names());
            return;
        }
        try {
            Template.of(text)
                    .problem(columns)
                    .ifPresent(wrong -> problems.add(tree.at(), TEMPLATE, wrong, "{1} for the first text"));
        } catch (IllegalArgumentException wrong) {
            problems.add(tree.at(), TEMPLATE, wrong.getMessage(), "{{ and }} for single braces");
        }
    }

    private void word(Map<String, String> words, String label, Tree.Entry entry, List<String> labels) {
        if (!labels.isEmpty() && !labels.contains(label)) {
            problems.unknown(entry.key(), "label", label, labels);
        }
        Tree value = entry.value();
        if (!(value instanceof Tree.Scalar)
                || value.plain() == null
                || value.plain().toString().isBlank()) {
            shapes.wrong(value, "the word of " + label, "a word");
            return;
        }
        String word = String.valueOf(value.plain());
        if (words.containsValue(word)) {
            problems.add(value.at(), "duplicate-value", "the verbalizer has the word '%s' twice".formatted(word));
        }
        words.put(label, word);
    }
}
