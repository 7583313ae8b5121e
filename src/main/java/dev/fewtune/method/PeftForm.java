package dev.fewtune.method;

import dev.fewtune.spec.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How a method stands in a folder of HF PEFT.
 *
 * @param type the peft_type
 * @param layout what the tensors belong to
 * @param fields of adapter_config.json that are the method's own, by its settings
 * @param settings ours, by theirs; without those that name linear maps
 * @param chosen whether a configuration of the type is read as this method
 * @param parts the tensors of a module
 */
public record PeftForm(
        String type,
        Layout layout,
        Function<Settings, Map<String, Object>> fields,
        Function<PeftConfig, Map<String, Object>> settings,
        Predicate<PeftConfig> chosen,
        List<Part> parts) {

    /** A type of DePT's version of PEFT, which PEFT itself does not read. */
    static final String DEPT = "PROMPT_TUNING_LORA";

    /** Whether PEFT itself has the type. */
    public boolean standard() {
        return !type.equals(DEPT);
    }

    /** What tensors belong to. */
    public enum Layout {
        /** Modules of the network. */
        MODULES,
        /** Modules, with two random matrices that all of them share. */
        SHARED,
        /** Rows before the text. */
        PROMPT,
        /** Rows before keys and values. */
        PREFIX
    }

    /** How the shape of a tensor differs there. */
    public enum Turn {
        SAME,
        /** A matrix is transposed. */
        TURNED,
        /** A vector [n] stands as [n, 1]. */
        COLUMN,
        /** A vector [n] stands as [1, n]. */
        ROW
    }

    /**
     * @param ours last word of our name
     * @param theirs what follows the path of the module
     * @param targets our setting that names the modules; empty where none does
     */
    public record Part(String ours, String theirs, Turn turn, String targets) {
        /** Whether a tensor of that name and shape may be this one. */
        public boolean fits(String name, long[] shape) {
            boolean known = name.endsWith("." + theirs);
            return switch (turn) {
                case COLUMN -> known && shape.length == 2 && shape[1] == 1;
                case ROW -> known && shape.length == 2 && shape[0] == 1;
                default -> known;
            };
        }
    }

    static PeftForm of(
            String type,
            Function<Settings, Map<String, Object>> fields,
            Function<PeftConfig, Map<String, Object>> settings) {
        return of(type, Layout.MODULES, fields, settings);
    }

    static PeftForm of(
            String type,
            Layout layout,
            Function<Settings, Map<String, Object>> fields,
            Function<PeftConfig, Map<String, Object>> settings) {
        return new PeftForm(type, layout, fields, settings, config -> true, List.of());
    }

    PeftForm onlyIf(Predicate<PeftConfig> condition) {
        return new PeftForm(type, layout, fields, settings, condition, parts);
    }

    PeftForm with(String ours, String theirs, Turn turn) {
        return with(ours, theirs, turn, "targets");
    }

    PeftForm with(String ours, String theirs, Turn turn, String targets) {
        List<Part> more = new ArrayList<>(parts);
        more.add(new Part(ours, theirs, turn, targets));
        return new PeftForm(type, layout, fields, settings, chosen, List.copyOf(more));
    }
}
