package dev.fewtune.train;

import dev.fewtune.backbone.Outfit;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.spec.BackboneSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The class of Transformers for a merged network. BERT's and RoBERTa's classes for sequence classification put a dense map
 * and a hyperbolic tangent between the first token's state and the map to the classes: they get a small multiple of the
 * identity there, where the tangent is a straight line, and the head undoes it. Other heads have no class; they stand in a
 * file of their own.
 */
record Dress(BackboneSpec backbone, TrainRequest request, Merging<?> merging) {
    /** A power of two, which changes no digit; a state of 16 is bent by 2e-8 of itself. */
    private static final double SMALL = 1.0 / 65_536;

    /** By the family: the dense map, and the map to the classes. */
    private static final Map<String, List<String>> HEADS = Map.of(
            "bert", List.of("BertForSequenceClassification", "bert.pooler.dense", "classifier"),
            "roberta", List.of("RobertaForSequenceClassification", "classifier.dense", "classifier.out_proj"));

    /** Whether Transformers has a class that computes the head. */
    boolean hasClass() {
        return request.aim().objective().equals(Aim.HEAD)
                && request.training().pooling().equals("cls")
                && HEADS.containsKey(backbone.family());
    }

    Outfit outfit() {
        if (!hasClass()) {
            return new Outfit(Optional.empty(), Map.of(), merging::values, List.of());
        }
        List<String> names = HEADS.get(backbone.family());
        Map<String, Numbers> head = merging.head();
        int width = backbone.hidden();
        List<Safetensors.Entry> more = List.of(
                identity(width).entry(names.get(1) + ".weight"),
                new Numbers(new long[] {width}, new double[width]).entry(names.get(1) + ".bias"),
                scaled(head.get("head.weight").turned()).entry(names.get(2) + ".weight"),
                head.get("head.bias").entry(names.get(2) + ".bias"));
        return new Outfit(Optional.of(names.get(0)), fields(), merging::values, more);
    }

    /** The head as PyTorch's linear maps have it, [classes, width]; empty where there is none or a class computes it. */
    List<Safetensors.Entry> headBeside() {
        Map<String, Numbers> head = merging.head();
        return head.isEmpty() || hasClass()
                ? List.of()
                : List.of(
                        head.get("head.weight").turned().entry("weight"),
                        head.get("head.bias").entry("bias"));
    }

    private Map<String, Object> fields() {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, Integer> numbers = new LinkedHashMap<>();
        IntStream.range(0, request.classes()).forEach(number -> {
            names.put(String.valueOf(number), "LABEL_" + number);
            numbers.put("LABEL_" + number, number);
        });
        return Map.of(
                "id2label",
                names,
                "label2id",
                numbers,
                "problem_type",
                request.regression() ? "regression" : "single_label_classification");
    }

    private static Numbers identity(int width) {
        double[] values = new double[width * width];
        IntStream.range(0, width).forEach(i -> values[i * width + i] = SMALL);
        return new Numbers(new long[] {width, width}, values);
    }

    private static Numbers scaled(Numbers head) {
        return new Numbers(
                head.shape(),
                Arrays.stream(head.values()).map(value -> value / SMALL).toArray());
    }
}
