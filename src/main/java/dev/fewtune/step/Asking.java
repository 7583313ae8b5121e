package dev.fewtune.step;

import dev.fewtune.spec.Template;
import dev.fewtune.task.Example;
import dev.fewtune.train.Aim;
import java.math.BigDecimal;
import java.util.List;

/**
 * How the examples of a task are put to a network, and what it is asked for.
 *
 * @param objective one of {@link Aim#OBJECTIVES}
 * @param template into which the texts are filled; empty where they are given as they are
 * @param columns names of the texts
 * @param texts whether the labels are texts that are to be written
 * @param words what stands for each class, in the order of the classes; empty where nothing does
 * @param tokens of the words, for a verbalizer
 * @param mask what stands for the mask in the template; empty where nothing is to be filled in
 * @param maskToken its number; -1 for none
 * @param end token behind a text that is written; -1 for none
 * @param longest most tokens that are written, the end included; 0 where nothing is
 */
record Asking(
        String objective,
        String template,
        List<String> columns,
        boolean texts,
        List<String> words,
        List<List<Integer>> tokens,
        String mask,
        int maskToken,
        int end,
        int longest) {
    Asking {
        columns = List.copyOf(columns);
        words = List.copyOf(words);
        tokens = tokens.stream().map(List::copyOf).toList();
    }

    /** A new head over the texts as they are. */
    static Asking head(List<String> columns) {
        return new Asking(Aim.HEAD, "", columns, false, List.of(), List.of(), "", -1, -1, 0);
    }

    boolean writes() {
        return objective.equals(Aim.TEXT_TO_TEXT);
    }

    /** @param beams that are followed where texts are written */
    Aim aim(int beams) {
        return switch (objective) {
            case Aim.HEAD -> Aim.head();
            case Aim.TEXT_TO_TEXT -> Aim.textToText(longest, beams);
            default -> Aim.verbalizer(tokens, maskToken);
        };
    }

    String filled(List<String> values) {
        return Template.of(template).fill(columns, values, mask);
    }

    /**
     * The text that is to be written for an example: the word of its class, a number with one decimal as in the code of
     * ATTEMPT, or the label itself.
     *
     * @param labels class names in order; empty for a regression and for texts
     */
    String target(Example example, List<String> labels) {
        if (texts) {
            return example.label();
        }
        if (!labels.isEmpty()) {
            return words.get(labels.indexOf(example.label()));
        }
        return decimal(Double.parseDouble(example.label()));
    }

    /** What a reader of a score must know of it; empty for a head over texts as they are. */
    String says() {
        StringBuilder says = new StringBuilder();
        if (!objective.equals(Aim.HEAD)) {
            says.append("Asked as ").append(objective).append(". ");
        }
        if (!template.isEmpty()) {
            says.append("Texts are put as \"").append(template).append("\". ");
        }
        if (!words.isEmpty()) {
            says.append("The classes are written ")
                    .append(String.join(", ", words))
                    .append(". ");
        }
        return says.toString().strip();
    }

    /** The nearest, of two the even one, as NumPy rounds. */
    private static String decimal(double value) {
        return BigDecimal.valueOf(Math.rint(value * 10) / 10).toPlainString();
    }
}
