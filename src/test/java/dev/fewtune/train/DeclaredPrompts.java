package dev.fewtune.train;

import dev.fewtune.backbone.TinyBert;
import java.util.ArrayList;
import java.util.List;

/** What the soft-prompt methods say they train on {@link TinyBert}, by their defaults. */
final class DeclaredPrompts {
    private DeclaredPrompts() {}

    /** Empty for other methods. */
    static List<String> of(String method) {
        return switch (method) {
            case "prompt-tuning", "spot" -> rows("prompt");
            case "attempt" -> rows("prompt", "attention_down", "attention_up", "attention_scale", "attention_bias");
            case "mpt" -> rows("shared_prompt", "task_columns", "task_rows");
            case "dpt", "lopt" -> rows("prompt_left", "prompt_right");
            case "residual-prompt" ->
                rows(
                        "prompt_rows",
                        "prompt_down",
                        "prompt_down_bias",
                        "prompt_up",
                        "prompt_up_bias",
                        "prompt_norm_scale",
                        "prompt_norm_bias");
            case "dept" -> rows("prompt", "offset_left", "offset_right");
            case "adept" -> rows("prompt", "shift_down", "shift_down_bias", "shift_up", "shift_up_bias");
            case "ept" -> spaces();
            case "lamp" -> rows("lamp_u", "lamp_v", "lamp_q");
            case "smop" -> rows("prompts", "router");
            case "superpos" -> rows("prompt_mixture");
            case "ulpt" -> rows("prompt_low", "prompt_scale", "prompt_shift");
            case "xprompt" -> rows("prompt_rows");
            case "p-tuning" -> recurrent();
            case "p-tuning-v2" -> layers("prefix_key", "prefix_value");
            case "prefix-tuning" -> prefixes();
            default -> List.of();
        };
    }

    private static List<String> spaces() {
        List<String> names = new ArrayList<>(List.of("prompt", "offset_left", "offset_right", "space_gate"));
        for (int i = 0; i < 4; i++) {
            names.addAll(List.of("space_" + i + "_down", "space_" + i + "_up"));
        }
        return rows(names.toArray(String[]::new));
    }

    private static List<String> recurrent() {
        List<String> names = new ArrayList<>(List.of("prompt_rows"));
        for (String layer : List.of("prompt_lower", "prompt_upper")) {
            for (String way : List.of("_forth", "_back")) {
                for (String part : List.of("_input", "_input_bias", "_state", "_state_bias")) {
                    names.add(layer + way + part);
                }
            }
        }
        names.addAll(List.of("prompt_second", "prompt_second_bias", "prompt_last", "prompt_last_bias"));
        return rows(names.toArray(String[]::new));
    }

    private static List<String> prefixes() {
        List<String> names = new ArrayList<>();
        List.of("prefix_rows", "prefix_down", "prefix_down_bias")
                .forEach(suffix -> names.add("encoder.attention." + suffix));
        names.addAll(layers("prefix_key_up", "prefix_key_up_bias", "prefix_value_up", "prefix_value_up_bias"));
        return names;
    }

    private static List<String> layers(String... suffixes) {
        List<String> names = new ArrayList<>();
        for (int layer = 0; layer < TinyBert.LAYERS; layer++) {
            for (String suffix : suffixes) {
                names.add("encoder." + layer + ".attention." + suffix);
            }
        }
        return names;
    }

    private static List<String> rows(String... suffixes) {
        return List.of(suffixes).stream().map("encoder.tokens."::concat).toList();
    }
}
