package dev.fewtune.step;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Template;
import dev.fewtune.spec.Templates;
import dev.fewtune.task.Task;
import dev.fewtune.task.Wording;
import java.util.Optional;

/**
 * The template for the examples of a task: the one that is said, or the known one of the task's name, or one that fits all.
 *
 * @param prefix whether the name of the task stands before it
 */
record Templating(Task task, BackboneSpec model, boolean prefix) {
    /** Between what a decoder reads and what it writes, as in the code of DePT. */
    private static final String BEFORE_LABEL = " Label : ";

    private static final String BEFORE_MASK = " {mask}";

    /** What is said, where it has no mask. */
    Optional<Template> ofHead() {
        String said = task.wording().template();
        return said.isEmpty()
                ? Optional.empty()
                : Optional.of(parsed(prefixed(Templates.text(said).orElse(said))))
                        .filter(template -> !template.masks());
    }

    /**
     * What the texts are put in.
     *
     * @param masked whether a mask is to be filled
     * @throws CellFailure with cause YOURS where what is said has no mask, or one too many
     */
    Template of(boolean masked) {
        Wording wording = task.wording();
        Optional<String> known = known().flatMap(Templates::text);
        String said = wording.template();
        if (!said.isEmpty() && known.isEmpty()) {
            Template template = parsed(prefixed(said));
            requireMask(template, masked);
            return template;
        }
        String text =
                prefixed(known.orElseGet(() -> Templates.usual(wording.columns().size())));
        if (masked) {
            return parsed(text + BEFORE_MASK);
        }
        return parsed(model.causal() ? text + BEFORE_LABEL : text);
    }

    /** The name of a known template: said, or that of the task, where it has as many texts. */
    Optional<String> known() {
        Wording wording = task.wording();
        if (!wording.template().isEmpty()) {
            return Optional.of(wording.template())
                    .filter(said -> Templates.text(said).isPresent());
        }
        return Templates.text(task.name())
                .filter(text ->
                        Template.of(text).places().size() == wording.columns().size())
                .map(text -> task.name());
    }

    private void requireMask(Template template, boolean masked) {
        if (masked && !template.masks()) {
            throw CellFailure.yours(
                    "The template \"%s\" of %s has no {mask} for %s to fill. Maybe \"%s {mask}\".",
                    template.text(), task.name(), model.name(), template.text());
        }
        if (!masked && template.masks()) {
            throw CellFailure.yours(
                    "The template \"%s\" of %s has a {mask}, but %s writes its answers. Maybe leave {mask} out.",
                    template.text(), task.name(), model.name());
        }
    }

    private String prefixed(String template) {
        return prefix ? "%s %s".formatted(task.name(), template) : template;
    }

    private Template parsed(String text) {
        try {
            Template template = Template.of(text);
            template.problem(task.wording().columns()).ifPresent(wrong -> {
                throw new IllegalArgumentException(wrong);
            });
            return template;
        } catch (IllegalArgumentException wrong) {
            throw CellFailure.yours("The task %s: %s.", task.name(), wrong.getMessage());
        }
    }
}
