package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.method.PeftForm;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts the tensors of one trained method into the shape of a PEFT folder. */
final class PeftExport {
    /** What stands before the names of a module's tensors. */
    static final String MODULE = "base_model.model.";

    private static final String HEAD = "head.";

    private final Backbone backbone;
    private final PeftForm form;
    private final Settings settings;
    private final String objective;
    private final PeftNames names;
    private final Map<String, Numbers> out = new LinkedHashMap<>();
    private final Map<String, Set<String>> targets = new LinkedHashMap<>();

    /**
     * What the folder will hold.
     *
     * @param config of adapter_config.json
     */
    record Content(Map<String, Object> config, List<Safetensors.Entry> entries) {}

    /** PEFT has no place for it; the message is a sentence for people. */
    static final class NoPlace extends Exception {
        NoPlace(String why, Object... values) {
            super(why.formatted(values));
        }
    }

    private PeftExport(Backbone backbone, PeftForm form, Settings settings, String objective) {
        this.backbone = backbone;
        this.form = form;
        this.settings = settings;
        this.objective = objective;
        this.names = new PeftNames(backbone);
    }

    /**
     * @param trained by our names, the head included
     * @param beside what a plainer method must hold, and random matrices that are shared; by our names
     * @throws NoPlace where PEFT cannot hold it
     */
    static Content of(
            Backbone backbone,
            Method method,
            Settings settings,
            String objective,
            Map<String, Numbers> trained,
            Map<String, Numbers> beside)
            throws NoPlace {
        PeftForm form = form(method, beside.keySet());
        PeftExport export = new PeftExport(backbone, form, settings, objective);
        Map<String, Numbers> own = new LinkedHashMap<>(trained);
        if (method.peft().isEmpty() || !beside.isEmpty() && form.layout() == PeftForm.Layout.MODULES) {
            own.keySet().removeIf(name -> !name.startsWith(HEAD));
        }
        beside.forEach(own::putIfAbsent);
        return export.content(own);
    }

    private static PeftForm form(Method method, Set<String> collapsed) throws NoPlace {
        Optional<PeftForm> own = method.peft();
        if (own.isPresent() && own.get().standard()) {
            return own.get();
        }
        boolean plain = method.spec().fold() == Fold.COLLAPSES;
        if (plain && collapsed.stream().anyMatch(name -> name.endsWith(".prompt"))) {
            return Methods.named("prompt-tuning").peft().orElseThrow();
        }
        if (plain && collapsed.stream().anyMatch(name -> name.endsWith(".prefix_key"))) {
            return Methods.named("p-tuning-v2").peft().orElseThrow();
        }
        throw new NoPlace("PEFT has no method like %s.", method.spec().name());
    }

    private Content content(Map<String, Numbers> values) throws NoPlace {
        if (!names.areKnown()) {
            throw new NoPlace(
                    "Transformers has no names for %s.", backbone.spec().name());
        }
        Map<String, Object> config = new LinkedHashMap<>(
                form.layout() == PeftForm.Layout.PREFIX || form.layout() == PeftForm.Layout.PROMPT
                        ? rows(values)
                        : modules(values));
        head(values, config);
        config.put("peft_type", form.type());
        config.put("task_type", taskType());
        config.put("base_model_name_or_path", backbone.spec().source());
        config.put("inference_mode", true);
        config.put("revision", null);
        config.put("auto_mapping", null);
        List<Safetensors.Entry> entries = new ArrayList<>();
        out.forEach((name, numbers) -> entries.add(numbers.entry(name)));
        return new Content(config, entries);
    }

    private Map<String, Object> modules(Map<String, Numbers> values) throws NoPlace {
        for (var value : values.entrySet()) {
            if (!value.getKey().startsWith(HEAD) && !isShared(value.getKey())) {
                module(value.getKey(), value.getValue());
            }
        }
        Map<String, Object> config = new LinkedHashMap<>(form.fields().apply(settings));
        Set<String> all =
                targets.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(LinkedHashSet::new));
        config.put("target_modules", names.targets(all));
        if (targets.containsKey("inputs")) {
            config.put("feedforward_modules", names.targets(targets.get("inputs")));
        }
        if (form.layout() == PeftForm.Layout.SHARED) {
            out.put("base_model.vera_A", shared(values, "vera.a.").turned());
            out.put("base_model.vera_B", shared(values, "vera.b.").turned());
        }
        return config;
    }

    private void module(String name, Numbers value) throws NoPlace {
        int dot = name.lastIndexOf('.');
        String joint = name.substring(0, dot);
        PeftForm.Part part = form.parts().stream()
                .filter(one -> one.ours().equals(name.substring(dot + 1)))
                .findFirst()
                .orElseThrow(() -> new NoPlace("PEFT's %s has no place for %s.", form.type(), name));
        String path = names.path(joint).orElseThrow(() -> new NoPlace("Transformers has no module for %s.", joint));
        targets.computeIfAbsent(part.targets(), key -> new LinkedHashSet<>()).add(path);
        out.put(MODULE + path + "." + part.theirs(), value.there(part.turn()));
    }

    /** PEFT cuts the matrices of all modules out of one; ours are drawn for each shape. */
    private static Numbers shared(Map<String, Numbers> values, String name) throws NoPlace {
        List<Numbers> found = values.entrySet().stream()
                .filter(value -> value.getKey().startsWith(name))
                .map(Map.Entry::getValue)
                .toList();
        if (found.size() != 1) {
            throw new NoPlace(
                    "The linear maps have %s shapes with a random matrix each, and PEFT's VERA has one for all. Maybe targets "
                            + "of one shape.",
                    found.size());
        }
        return found.get(0);
    }

    private static boolean isShared(String name) {
        return name.startsWith("vera.");
    }

    private Map<String, Object> rows(Map<String, Numbers> values) throws NoPlace {
        List<String> own = values.keySet().stream()
                .filter(name -> !name.startsWith(HEAD))
                .sorted(Comparator.comparingInt(PeftRows::layer).thenComparing(Comparator.naturalOrder()))
                .toList();
        if (form.layout() == PeftForm.Layout.PREFIX && backbone.turns().length == 0) {
            throw new NoPlace(
                    "PEFT's PREFIX_TUNING moves the places of the text, which only rotary positions, as Llama's, make up for.");
        }
        Numbers rows = PeftRows.beside(own.stream()
                .map(name -> name.endsWith(".prefix_key") ? turned(values.get(name)) : values.get(name))
                .toList());
        out.put(PeftRows.NAME, rows);
        Map<String, Object> config = new LinkedHashMap<>();
        config.putAll(
                form.layout() == PeftForm.Layout.PROMPT
                        ? Map.of("prompt_tuning_init", "RANDOM")
                        : Map.of("prefix_projection", false));
        config.put("num_virtual_tokens", rows.shape()[0]);
        config.put("num_transformer_submodules", 1);
        config.put("token_dim", rows.shape()[1] / own.size());
        return config;
    }

    private Numbers turned(Numbers keys) {
        return PeftRows.turned(keys, backbone.turns(), (int) keys.shape()[0]);
    }

    private void head(Map<String, Numbers> values, Map<String, Object> config) {
        if (!values.containsKey("head.weight")) {
            config.put("modules_to_save", null);
            return;
        }
        String name = backbone.spec().causal() ? "score" : "classifier";
        boolean rows = out.containsKey(PeftRows.NAME);
        String before = (rows ? "base_model." : MODULE) + name + ".";
        out.put(before + "weight", values.get("head.weight").turned());
        out.put(before + "bias", values.get("head.bias"));
        config.put("modules_to_save", List.of(name));
    }

    private String taskType() {
        BackboneSpec spec = backbone.spec();
        if (objective.equals(Aim.HEAD) || !spec.writes()) {
            return out.containsKey(PeftRows.NAME) ? "FEATURE_EXTRACTION" : null;
        }
        return spec.readsThenWrites() ? "SEQ_2_SEQ_LM" : "CAUSAL_LM";
    }
}
