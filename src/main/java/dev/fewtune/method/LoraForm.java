package dev.fewtune.method;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** The peft_type LORA, which several methods have in common. */
final class LoraForm {
    static final String RANKS = "use_rslora";
    static final String LENGTHS = "use_dora";

    private LoraForm() {}

    /**
     * @param more fields besides rank, alpha and dropout
     * @param chosen see {@link PeftForm#chosen}
     */
    static PeftForm of(Map<String, Object> more, Predicate<PeftConfig> chosen) {
        return of(
                settings -> {
                    Map<String, Object> fields =
                            new LinkedHashMap<>(fields(settings.integer("rank"), settings.number("alpha")));
                    fields.put("lora_dropout", settings.number("dropout"));
                    fields.putAll(more);
                    return fields;
                },
                chosen);
    }

    static PeftForm of(Function<Settings, Map<String, Object>> fields, Predicate<PeftConfig> chosen) {
        return PeftForm.of("LORA", fields, LoraForm::settings)
                .onlyIf(chosen)
                .with("lora_a", "lora_A.weight", PeftForm.Turn.TURNED)
                .with("lora_b", "lora_B.weight", PeftForm.Turn.TURNED);
    }

    static Map<String, Object> fields(int rank, double alpha) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("r", rank);
        fields.put("lora_alpha", alpha == Math.rint(alpha) ? (Object) (long) alpha : alpha);
        fields.put("lora_dropout", 0.0);
        fields.put("bias", "none");
        fields.put("fan_in_fan_out", false);
        fields.put("init_lora_weights", true);
        return fields;
    }

    static Map<String, Object> settings(PeftConfig config) {
        config.refuse(
                "bias",
                "lora_bias",
                "rank_pattern",
                "alpha_pattern",
                "layer_replication",
                "trainable_token_indices",
                "target_parameters",
                "use_qalora",
                "use_bdlora",
                "alora_invocation_tokens",
                "arrow_config");
        if (config.fields().get("init_lora_weights") instanceof String start && start.startsWith("pissa")) {
            throw CellFailure.yours(
                    "The folder belongs to a network without its principal part (init_lora_weights: %s). Maybe save it in "
                            + "PEFT with path_initial_model_for_weight_conversion, as a LoRA of the whole network.",
                    start);
        }
        int rank = config.integer("r", 8);
        double alpha = config.number("lora_alpha", 8);
        boolean both = config.flag(LENGTHS) && config.flag(RANKS);
        return Map.of(
                "rank",
                rank,
                "alpha",
                both ? alpha * Math.sqrt(rank) : alpha,
                "dropout",
                config.number("lora_dropout", 0));
    }
}
