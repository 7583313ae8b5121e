package dev.fewtune.method;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Made;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How prompt rows start, as settings that several methods have. */
final class Start {
    /** The official code of prompt tuning samples its start from the 5,000 most common tokens. */
    static final int COMMON = 5000;

    private static final String FROM = "from";
    private static final String INIT = "init";
    private static final String TEXT = "text";
    private static final String LABELS = "labels";

    private Start() {}

    /** The settings of a method, with those of the start after them. */
    static List<Setting> after(Setting... own) {
        return java.util.stream.Stream.concat(Arrays.stream(own), settings().stream())
                .toList();
    }

    /** The setting of a method that may start from the prompt of an earlier step. */
    static Setting from() {
        return Setting.text(
                FROM, null, "The source task whose prompt the rows start from, of a pretrain step; it replaces init.");
    }

    static boolean isWarm(Map<String, Object> settings) {
        return settings.get(FROM) != null;
    }

    /**
     * What an earlier step has learned for a variable of that name, or else another start.
     *
     * @throws CellFailure with cause YOURS where there is no such source, or its shape is another one
     */
    static Init warm(String method, Settings settings, Given given, String tensor, Init cold, long... shape) {
        if (settings.find(FROM).isEmpty()) {
            return cold;
        }
        Made made = given.prompt(method, settings.text(FROM)).tensor(tensor);
        if (!Arrays.equals(made.shape(), shape)) {
            throw CellFailure.yours(
                    "The %s of %s has the shape %s, expected %s as %s is set up. Maybe the same length, rank and "
                            + "max_length as its step.",
                    tensor, settings.text(FROM), Arrays.toString(made.shape()), Arrays.toString(shape), method);
        }
        return made.init();
    }

    private static List<Setting> settings() {
        return List.of(
                Setting.choice(
                        INIT,
                        "vocab",
                        List.of("vocab", "uniform", "normal", TEXT, LABELS),
                        "Start of the rows: sampled token rows, U(-0.5, 0.5), N(0, 1), the token rows of a text, or "
                                + "the mean token rows of labels followed by sampled ones."),
                Setting.text(TEXT, null, "The text, repeated or cut to the number of rows.")
                        .onlyWith(INIT, TEXT),
                Setting.text(LABELS, null, "The labels, separated by commas.").onlyWith(INIT, LABELS));
    }

    /**
     * @param method for errors
     * @param table of the tokens
     * @throws CellFailure with cause YOURS where the text or the labels are missing or too many
     */
    static Init of(String method, Settings settings, int length, Joint table) {
        String rows = table.tensor(Kind.WEIGHT);
        return switch (settings.text(INIT)) {
            case "uniform" -> Init.uniform(0.5);
            case "normal" -> Init.normal(1);
            case TEXT -> Init.text(rows, required(method, settings, TEXT));
            case LABELS -> Init.labels(rows, labels(method, settings, length), COMMON);
            default -> Init.rows(rows, COMMON);
        };
    }

    private static List<String> labels(String method, Settings settings, int length) {
        List<String> labels = Arrays.stream(required(method, settings, LABELS).split(","))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .toList();
        if (labels.isEmpty() || labels.size() > length) {
            throw CellFailure.yours(
                    "The prompt of %s has %s rows, and %s labels were given (%s). Maybe length: %s.",
                    method, length, labels.size(), String.join(", ", labels), Math.max(1, labels.size()));
        }
        return labels;
    }

    private static String required(String method, Settings settings, String name) {
        return settings.find(name)
                .map(Object::toString)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> CellFailure.yours(
                        "%s is to start from %s (init: %s), and there is no %s. Maybe %s: \"positive, negative\".",
                        method, name, name, name, name));
    }
}
