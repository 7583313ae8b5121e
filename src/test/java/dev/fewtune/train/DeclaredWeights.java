package dev.fewtune.train;

import dev.fewtune.backbone.TinyBert;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the methods that act on weights and sub-layers say they train on {@link TinyBert}, by their defaults. */
final class DeclaredWeights {
    private static final List<String> QUERY_VALUE = List.of("query", "value");
    private static final List<String> NORMS = List.of("attention_norm", "output_norm");
    private static final List<String> LINEAR =
            List.of("query", "key", "value", "attention_output", "intermediate", "output");
    private static final List<String> AFFINE = List.of("scale", "bias");
    private static final List<String> BOTH = List.of("attention", "feed_forward");
    private static final List<String> ADAPTER =
            List.of("adapter_down", "adapter_down_bias", "adapter_up", "adapter_up_bias");
    private static final List<String> HYPERCOMPLEX = List.of(
            "adapter_down_left",
            "adapter_down_right",
            "adapter_down_bias",
            "adapter_up_left",
            "adapter_up_right",
            "adapter_up_bias");

    private DeclaredWeights() {}

    /** Empty for other methods. */
    static Set<String> of(String method) {
        return switch (method) {
            case "lora", "rslora", "lora+" -> all(QUERY_VALUE, "lora_a", "lora_b");
            case "adalora" -> all(LINEAR, "adalora_a", "adalora_e", "adalora_b");
            case "dora" -> all(QUERY_VALUE, "lora_a", "lora_b", "dora_magnitude");
            case "pissa" -> all(QUERY_VALUE, "pissa_a", "pissa_b");
            case "threshold-mask" -> above(1, LINEAR, List.of("scores"));
            case "vera" -> all(QUERY_VALUE, "vera_d", "vera_b");
            case "loha" -> all(QUERY_VALUE, "loha_a1", "loha_b1", "loha_a2", "loha_b2");
            case "lokr" -> all(QUERY_VALUE, "lokr_a", "lokr_b");
            case "krona" -> all(QUERY_VALUE, "krona_a", "krona_b");
            case "fourierft" -> all(QUERY_VALUE, "fourierft_spectrum");
            case "oft" -> all(QUERY_VALUE, "oft_r");
            case "boft" -> all(QUERY_VALUE, "boft_r", "boft_s");
            case "ia3" -> with(all(List.of("key", "value"), "ia3_output"), all(List.of("output"), "ia3_input"));
            case "ln-tuning" -> with(all(NORMS, AFFINE), rows("encoder.embedding_norm", AFFINE));
            case "pfeiffer", "parallel-adapter" -> all(List.of("feed_forward"), ADAPTER);
            case "adapterdrop" -> with(above(1, BOTH, ADAPTER), above(1, NORMS, AFFINE));
            case "hyperformer" -> with(hypernetwork(), all(NORMS, AFFINE));
            case "mam" ->
                with(all(List.of("feed_forward"), ADAPTER), new TreeSet<>(DeclaredPrompts.of("prefix-tuning")));
            case "lst" -> side();
            case "unipelt" ->
                with(
                        all(List.of("feed_forward"), ADAPTER),
                        all(QUERY_VALUE, "lora_a", "lora_b"),
                        all(List.of("attention", "feed_forward", "query", "value"), "gate_weight", "gate_bias"),
                        new TreeSet<>(DeclaredPrompts.of("prefix-tuning")));
            case "compacter" -> with(all(BOTH, HYPERCOMPLEX), all(NORMS, AFFINE), Set.of("compacter.rule"));
            case "compacter++" ->
                with(all(List.of("feed_forward"), HYPERCOMPLEX), all(NORMS, AFFINE), Set.of("compacter++.rule"));
            default -> Set.of();
        };
    }

    /** The first of the two layers has none beside it. */
    private static Set<String> side() {
        Set<String> names = new TreeSet<>();
        with(above(1, LINEAR, List.of("weight", "bias")), above(1, NORMS, AFFINE))
                .forEach(name -> names.add("side." + name));
        names.addAll(rows("encoder.layer", List.of("side_first", "side_first_bias")));
        names.addAll(rows("encoder.1.layer", List.of("side_down", "side_down_bias", "side_gate")));
        names.addAll(rows("encoder.states", List.of("side_up", "side_up_bias")));
        return names;
    }

    private static Set<String> hypernetwork() {
        Set<String> names = new TreeSet<>(Set.of("hyperformer.task"));
        for (String map : List.of(
                "inner",
                "outer",
                "make_down",
                "make_down_add",
                "make_up",
                "make_up_add",
                "make_norm_scale",
                "make_norm_add")) {
            names.add("encoder.hyper." + map);
            names.add("encoder.hyper." + map + "_bias");
        }
        names.addAll(rows("encoder.hyper", List.of("layer_0", "layer_1", "source_scale", "source_bias")));
        BOTH.forEach(place -> names.add("encoder." + place + ".hyper_place"));
        return names;
    }

    private static Set<String> all(List<String> sites, String... suffixes) {
        return all(sites, List.of(suffixes));
    }

    private static Set<String> all(List<String> sites, List<String> suffixes) {
        return above(0, sites, suffixes);
    }

    private static Set<String> above(int from, List<String> sites, List<String> suffixes) {
        Set<String> names = new TreeSet<>();
        for (int layer = from; layer < TinyBert.LAYERS; layer++) {
            for (String site : sites) {
                names.addAll(rows("encoder.%s.%s".formatted(layer, site), suffixes));
            }
        }
        return names;
    }

    private static Set<String> rows(String at, List<String> suffixes) {
        Set<String> names = new TreeSet<>();
        suffixes.forEach(suffix -> names.add(at + "." + suffix));
        return names;
    }

    @SafeVarargs
    private static Set<String> with(Set<String>... parts) {
        Set<String> names = new TreeSet<>();
        List.of(parts).forEach(names::addAll);
        return names;
    }
}
