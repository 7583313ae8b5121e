package dev.fewtune.workflow;

import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.StepSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a method by name, or a named variant: {@code {lora-big: {method: lora, rank: 64, lr: 3e-4}}}. */
record VariantReader(Catalog catalog, StepSpec step, Problems problems) {

    Optional<Variant> read(Tree tree) {
        if (tree instanceof Tree.Scalar scalar && scalar.value() instanceof String name) {
            return method(name, scalar.at()).map(spec -> new Variant(name, name, Map.of(), Map.of(), false));
        }
        if (tree instanceof Tree.Mapping mapping && mapping.entries().size() == 1) {
            Map.Entry<String, Tree.Entry> only =
                    mapping.entries().entrySet().iterator().next();
            if (only.getValue().value() instanceof Tree.Mapping settings) {
                return variant(only.getKey(), only.getValue().key(), settings);
            }
        }
        problems.add(
                tree.at(),
                "wrong-type",
                "a method must be a name or one named variant, but is " + tree.shape(),
                "{lora-big: {method: lora, rank: 64}}");
        return Optional.empty();
    }

    private Optional<Variant> variant(String name, Mark at, Tree.Mapping settings) {
        Names.VALUE.check(name, "the name of a variant", at, problems);
        Tree method = settings.get("method");
        if (method instanceof Tree.Failed) {
            return Optional.empty();
        }
        if (method == null || !(method.plain() instanceof String)) {
            problems.add(at, "missing-key", "the variant %s does not say its method".formatted(name), "method: lora");
            return Optional.empty();
        }
        Optional<MethodSpec> spec = method((String) method.plain(), method.at());
        Map<String, Object> own = new LinkedHashMap<>();
        Map<String, Object> steps = new LinkedHashMap<>();
        settings.entries().forEach((key, entry) -> {
            if (!key.equals("method") && spec.isPresent()) {
                place(key, entry, spec.get(), own, steps);
            }
        });
        return spec.map(known -> new Variant(name, known.name(), own, steps, false));
    }

    private void place(
            String key, Tree.Entry entry, MethodSpec method, Map<String, Object> own, Map<String, Object> steps) {
        Optional<Setting> ofMethod = method.settings().stream()
                .filter(setting -> setting.name().equals(key))
                .findFirst();
        Optional<Setting> ofStep = step.setting(key);
        if (entry.value() instanceof Tree.Failed) {
            return;
        }
        if (ofMethod.isEmpty() && ofStep.isEmpty()) {
            List<String> known = Stream.concat(method.settings().stream(), step.settings().stream())
                    .map(Setting::name)
                    .toList();
            problems.unknown(entry.key(), "setting", key, known, " of " + method.name());
            return;
        }
        Setting setting = ofMethod.orElseGet(ofStep::get);
        Optional<String> problem = setting.problem(entry.value().plain());
        if (problem.isPresent()) {
            problems.add(entry.value().at(), "setting", method.name() + ": " + problem.get());
            return;
        }
        (ofMethod.isPresent() ? own : steps)
                .put(key, setting.canonical(entry.value().plain()));
    }

    private Optional<MethodSpec> method(String name, Mark at) {
        Optional<MethodSpec> spec = catalog.methods().stream()
                .filter(method -> method.name().equals(name))
                .findFirst();
        if (spec.isEmpty()) {
            problems.unknown(
                    at,
                    "method",
                    name,
                    catalog.methods().stream().map(MethodSpec::name).toList());
        }
        return spec;
    }
}
