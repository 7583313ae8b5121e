package dev.fewtune.step;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.Template;
import dev.fewtune.spec.Templates;
import dev.fewtune.task.Example;
import dev.fewtune.task.Task;
import dev.fewtune.task.Wording;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Abilities;
import dev.fewtune.train.Aim;
import java.util.List;

/**
 * Settles how a task is put to a model: what is said of it, or else what suits both. A model that reads and then writes is
 * asked to write, all others get a new head; the classes are written as their numbers where the template is one of those
 * that are known by name, and else as their labels.
 */
record Phrasing(Task task, Model model, Tokenizer tokenizer, Settings settings) {
    static final String OBJECTIVE = "objective";
    static final String MAX_TARGET_LENGTH = "max_target_length";
    static final String TASK_PREFIX = "task_prefix";

    /** Of texts that are to be written, where nothing else is said. */
    private static final int LONGEST_TEXT = 128;

    private static final List<String> MASKS = List.of("[MASK]", "<mask>");

    /**
     * @param examples all of which targets are to be written
     * @throws CellFailure with cause YOURS where task, model and settings do not fit
     */
    Asking settle(List<Example> examples) {
        Abilities abilities = model.supply().abilities(model.spec().name());
        String objective = objective(abilities);
        if (!objective.equals(Aim.TEXT_TO_TEXT)
                && settings.find(MAX_TARGET_LENGTH).isPresent()) {
            throw CellFailure.yours(
                    "max_target_length (%s) has an effect only with objective: text-to-text. Maybe leave it out.",
                    settings.integer(MAX_TARGET_LENGTH));
        }
        if (objective.equals(Aim.HEAD)) {
            return head();
        }
        String mask = objective.equals(Aim.VERBALIZER) && !abilities.writes() ? mask() : "";
        Template template = templating().of(!mask.isEmpty());
        List<String> words = task.labels().isEmpty() ? List.of() : words();
        Words chosen = new Words(tokenizer, task, words, abilities.end());
        if (objective.equals(Aim.VERBALIZER)) {
            return asking(
                    objective,
                    template,
                    words,
                    mask.isEmpty() ? chosen.written() : chosen.single(template.spaceBeforeMask()),
                    mask,
                    abilities,
                    0);
        }
        Asking asking = asking(objective, template, words, List.of(), mask, abilities, 0);
        chosen.written();
        int longest = settings.find(MAX_TARGET_LENGTH)
                .map(length -> ((Number) length).intValue())
                .orElseGet(() -> longest(asking, examples));
        return asking(objective, template, words, List.of(), mask, abilities, longest);
    }

    private String objective(Abilities abilities) {
        String usual =
                model.spec().readsThenWrites() || task.texts() && abilities.writes() ? Aim.TEXT_TO_TEXT : Aim.HEAD;
        String objective = settings.find(OBJECTIVE).map(Object::toString).orElse(usual);
        if (task.texts() && !objective.equals(Aim.TEXT_TO_TEXT)) {
            throw CellFailure.yours(
                    "The labels of %s are texts, which the objective %s on %s does not write. Maybe a backbone with a decoder, "
                            + "and objective: text-to-text.",
                    task.name(), objective, model.spec().name());
        }
        if (objective.equals(Aim.TEXT_TO_TEXT) && !abilities.writes()) {
            throw CellFailure.yours(
                    "text-to-text needs a decoder, and %s has none. Maybe objective: head.",
                    model.spec().name());
        }
        if (objective.equals(Aim.VERBALIZER) && !abilities.writes() && !abilities.fills()) {
            throw CellFailure.yours(
                    "A verbalizer needs a decoder or a masked-language head, and %s has neither. Maybe objective: head.",
                    model.spec().name());
        }
        if (objective.equals(Aim.VERBALIZER) && task.regression()) {
            throw CellFailure.yours(
                    "A verbalizer needs classes, and the labels of %s are numbers. Maybe objective: head.",
                    task.name());
        }
        return objective;
    }

    /** Texts are put in a template only where the task says one, and it has no mask. */
    private Asking head() {
        List<String> columns = task.wording().columns();
        Template template = templating().ofHead().orElse(null);
        if (template == null && columns.size() > 2) {
            throw CellFailure.yours(
                    "The task %s has %s texts, and a head reads one or two, or a template without {mask}.",
                    task.name(), columns.size());
        }
        if (template == null && settings.flag(TASK_PREFIX)) {
            throw CellFailure.yours(
                    "task_prefix (true) has an effect only where texts are put in a template, and those of %s are not. "
                            + "Maybe leave it out, or give the task a template.",
                    task.name());
        }
        return template == null
                ? Asking.head(columns)
                : new Asking(Aim.HEAD, template.text(), columns, false, List.of(), List.of(), "", -1, -1, 0);
    }

    private Templating templating() {
        return new Templating(task, model.spec(), settings.flag(TASK_PREFIX));
    }

    private List<String> words() {
        Wording wording = task.wording();
        if (!wording.words().isEmpty()) {
            return task.labels().stream().map(this::word).toList();
        }
        return templating()
                .known()
                .map(known -> Templates.digits(known, task.labels()))
                .orElse(task.labels());
    }

    private String word(String label) {
        String word = task.wording().words().get(label);
        if (word == null) {
            throw CellFailure.yours(
                    "The verbalizer of %s has no word for the label '%s'; it has words for %s. Maybe %s: %s.",
                    task.name(), label, String.join(", ", task.wording().words().keySet()), label, label);
        }
        return word;
    }

    private String mask() {
        return MASKS.stream()
                .filter(mask -> tokenizer.tokenId(mask).isPresent())
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "The tokenizer of %s has no mask: looked for %s. Maybe objective: head.",
                        model.spec().name(), String.join(" and ", MASKS)));
    }

    private int longest(Asking asking, List<Example> examples) {
        int most = examples.stream()
                .map(example -> asking.target(example, task.labels()))
                .distinct()
                .mapToInt(target -> tokenizer.bare(target).length + 1)
                .max()
                .orElse(1);
        return Math.min(most, LONGEST_TEXT);
    }

    private Asking asking(
            String objective,
            Template template,
            List<String> words,
            List<List<Integer>> tokens,
            String mask,
            Abilities abilities,
            int longest) {
        return new Asking(
                objective,
                template.text(),
                task.wording().columns(),
                task.texts(),
                words,
                tokens,
                mask,
                mask.isEmpty() ? -1 : tokenizer.tokenId(mask).orElseThrow(),
                mask.isEmpty() ? abilities.end() : -1,
                longest);
    }
}
