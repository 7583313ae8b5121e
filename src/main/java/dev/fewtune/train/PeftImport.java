package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.method.PeftConfig;
import dev.fewtune.method.PeftForm;
import dev.fewtune.spec.CellFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads a PEFT folder as a method of ours with its settings and tensors. */
final class PeftImport {
    private static final int SHOWN = 4;
    private static final List<String> HEADS = List.of("classifier", "score");

    private final Path folder;
    private final Backbone backbone;
    private final PeftFolder given;
    private final PeftNames names;
    private final PeftForm form;
    private final Method method;
    private final Map<String, Numbers> tensors = new LinkedHashMap<>();
    private final Map<String, Set<String>> targets = new LinkedHashMap<>();

    /** @throws CellFailure with cause YOURS where the folder is none or holds something else than the backbone can take */
    PeftImport(Path folder, Backbone backbone) {
        this.folder = folder;
        this.backbone = backbone;
        this.given = PeftFolder.read(folder);
        this.names = new PeftNames(backbone);
        this.method = method(given.config());
        this.form = method.peft().orElseThrow();
        sort();
    }

    /**
     * @throws CellFailure with cause YOURS where the type is not known, naming those that are
     */
    static Method method(PeftConfig config) {
        String type = config.type().equals("P_TUNING") ? "PROMPT_TUNING" : config.type();
        return Methods.ALL.stream()
                .filter(method -> method.peft()
                        .filter(form ->
                                form.type().equals(type) && form.chosen().test(config))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "The peft_type %s in adapter_config.json is not known here. Known are %s. Maybe merge the adapter "
                                + "into its model in PEFT (merge_and_unload), and use the model.",
                        config.type(), String.join(", ", types())));
    }

    Method method() {
        return method;
    }

    PeftConfig config() {
        return given.config();
    }

    /** The method's settings, checked by nobody yet. */
    Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>(form.settings().apply(given.config()));
        targets.forEach((setting, sites) -> settings.put(setting, List.copyOf(sites)));
        form.parts().stream()
                .map(PeftForm.Part::targets)
                .filter(setting -> !setting.isEmpty())
                .forEach(setting -> settings.putIfAbsent(setting, List.of()));
        return settings;
    }

    boolean hasHead() {
        return tensors.containsKey("head.weight");
    }

    /** The number of classes that its head tells apart. */
    int classes() {
        return Math.toIntExact(tensors.get("head.weight").shape()[1]);
    }

    /**
     * The tensors by our names, in float32.
     *
     * @param expected what trains in a model of the method and its settings
     * @param fixed other variables that are not pretrained
     * @throws CellFailure with cause YOURS where shapes differ, or a tensor is missing or too many
     */
    List<Safetensors.Entry> entries(List<? extends Variable<?>> expected, List<? extends Variable<?>> fixed) {
        Map<String, Numbers> found = new LinkedHashMap<>(tensors);
        rows(expected, found);
        List<String> faults = new ArrayList<>();
        List<Safetensors.Entry> entries = new ArrayList<>();
        for (Variable<?> variable : expected) {
            Numbers numbers = found.remove(variable.name());
            if (numbers == null) {
                faults.add("%s is missing".formatted(there(variable.name())));
            } else if (!Arrays.equals(numbers.shape(), variable.shape())) {
                faults.add("%s is %s here and %s in the folder (as %s)"
                        .formatted(
                                variable.name(),
                                Arrays.toString(variable.shape()),
                                Arrays.toString(numbers.shape()),
                                there(variable.name())));
            } else {
                entries.add(numbers.entry(variable.name()));
            }
        }
        found.keySet().forEach(name -> faults.add("%s is too many".formatted(there(name))));
        throwAll(
                faults,
                "The tensors in %s do not fit %s on %s."
                        + (backbone.spec().readsThenWrites()
                                ? " Maybe another objective: a head reads one stack only."
                                : ""));
        if (form.layout() == PeftForm.Layout.SHARED) {
            fixed.forEach(variable -> shared(variable, entries));
        }
        return entries;
    }

    private static Set<String> types() {
        Set<String> types = new TreeSet<>(List.of("P_TUNING"));
        Methods.ALL.forEach(method -> method.peft().ifPresent(form -> types.add(form.type())));
        return types;
    }

    private void sort() {
        List<String> lacking = new ArrayList<>();
        List<String> strange = new ArrayList<>();
        given.tensors().forEach((name, numbers) -> {
            if (!isRows(name) && !isBeside(name, numbers) && !isShared(name) && !isHead(name, numbers)) {
                String path = name.replaceFirst("^base_model\\.model\\.", "");
                PeftForm.Part part = form.parts().stream()
                        .filter(one -> one.fits(path, numbers.shape()))
                        .findFirst()
                        .orElse(null);
                if (part == null) {
                    strange.add(name);
                } else {
                    String module =
                            path.substring(0, path.length() - part.theirs().length() - 1);
                    names.joint(module).ifPresentOrElse(joint -> take(joint, part, numbers), () -> lacking.add(module));
                }
            }
        });
        throwAll(
                lacking,
                "The adapter in %s (%s) updates modules that %s lacks. It has " + String.join(", ", names.ends())
                        + ". Maybe another backbone: the folder names "
                        + given.config().text("base_model_name_or_path", "none").replace("%", "%%") + ".");
        throwAll(strange, "The folder %s holds tensors that %s does not have (on %s).");
    }

    private void take(String joint, PeftForm.Part part, Numbers numbers) {
        if (!part.targets().isEmpty()) {
            String site = joint.substring(joint.lastIndexOf('.') + 1);
            targets.computeIfAbsent(part.targets(), key -> new LinkedHashSet<>())
                    .add(site);
        }
        tensors.put(joint + "." + part.ours(), numbers.here(part.turn()));
    }

    private boolean isHead(String name, Numbers numbers) {
        String plain = name.replaceFirst("^base_model\\.(model\\.)?", "");
        for (String head : HEADS) {
            if (plain.equals(head + ".weight")) {
                tensors.put("head.weight", numbers.turned());
                tensors.putIfAbsent(
                        "head.bias",
                        new Numbers(new long[] {numbers.shape()[0]}, new double[(int) numbers.shape()[0]]));
                return true;
            }
            if (plain.equals(head + ".bias")) {
                tensors.put("head.bias", numbers);
                return true;
            }
        }
        return false;
    }

    private boolean isRows(String name) {
        return name.equals(PeftRows.NAME)
                && (form.layout() == PeftForm.Layout.PROMPT || form.layout() == PeftForm.Layout.PREFIX);
    }

    /** Whether it belongs to a prompt as a whole. */
    private boolean isBeside(String name, Numbers numbers) {
        if (form.layout() != PeftForm.Layout.PROMPT) {
            return false;
        }
        return form.parts().stream()
                .filter(part -> part.theirs().equals(name))
                .peek(part -> tensors.put(part.ours(), numbers))
                .findFirst()
                .isPresent();
    }

    private boolean isShared(String name) {
        return form.layout() == PeftForm.Layout.SHARED && name.matches("base_model\\.vera_[AB]");
    }

    /** Cuts the one tensor of a prompt or prefix into ours. */
    private void rows(List<? extends Variable<?>> expected, Map<String, Numbers> found) {
        Numbers all = given.tensors().get(PeftRows.NAME);
        if (all == null || !isRows(PeftRows.NAME)) {
            return;
        }
        if (form.layout() == PeftForm.Layout.PREFIX && backbone.turns().length == 0) {
            throw CellFailure.yours(
                    "%s is a PREFIX_TUNING, in which PEFT moves the places of the text; only rotary positions, as Llama's, "
                            + "make up for that, and %s has others. Maybe a PROMPT_TUNING.",
                    folder, backbone.spec().name());
        }
        for (PeftForm.Part part : form.parts()) {
            expected.stream()
                    .filter(variable -> variable.name().endsWith("." + part.ours()) && found.containsKey(part.ours()))
                    .forEach(variable -> found.put(variable.name(), found.remove(part.ours())));
        }
        List<? extends Variable<?>> places = expected.stream()
                .filter(variable -> variable.name().matches(".*\\.(prompt|prefix_key|prefix_value)"))
                .sorted(Comparator.comparingInt((Variable<?> variable) -> PeftRows.layer(variable.name()))
                        .thenComparing(Variable::name))
                .toList();
        int width = places.stream().mapToInt(place -> (int) place.shape()[1]).sum();
        if (all.shape().length != 2 || all.shape()[1] != width) {
            throw CellFailure.yours(
                    "%s in %s is %s wide, and %s needs %s. Maybe another backbone: the folder names %s.",
                    PeftRows.NAME,
                    folder,
                    all.shape()[all.shape().length - 1],
                    backbone.spec().name(),
                    width,
                    given.config().text("base_model_name_or_path", "none"));
        }
        int from = 0;
        for (Variable<?> place : places) {
            int own = (int) place.shape()[1];
            Numbers part = all.columns(from, own);
            // Rows for a second stack, which PEFT saves and never reads.
            boolean spare = form.layout() == PeftForm.Layout.PROMPT && part.shape()[0] == 2 * place.shape()[0];
            found.put(place.name(), spare ? part.rows((int) place.shape()[0]) : here(place.name(), part));
            from += own;
        }
    }

    private Numbers here(String name, Numbers part) {
        return name.endsWith(".prefix_key") ? PeftRows.turned(part, backbone.turns(), -(int) part.shape()[0]) : part;
    }

    /** The random matrix of one shape, cut out of that of all. */
    private void shared(Variable<?> variable, List<Safetensors.Entry> entries) {
        if (!variable.name().startsWith("vera.")) {
            return;
        }
        boolean first = variable.name().startsWith("vera.a.");
        Numbers all = given.tensors().get(first ? "base_model.vera_A" : "base_model.vera_B");
        if (all == null) {
            throw CellFailure.yours(
                    "%s holds no random matrices of VERA, which depend on the program that drew them. Maybe save it in PEFT "
                            + "with save_projection: true.",
                    folder);
        }
        int in = (int) variable.shape()[0];
        int out = (int) variable.shape()[1];
        boolean large =
                first ? all.shape()[1] >= in && all.shape()[0] == out : all.shape()[0] >= out && all.shape()[1] == in;
        if (!large) {
            throw CellFailure.yours(
                    "The random matrix %s in %s does not cover %s %s. Maybe another backbone.",
                    Arrays.toString(all.shape()), folder, variable.name(), Arrays.toString(variable.shape()));
        }
        entries.add((first ? all.columns(0, in) : all.rows(out)).turned().entry(variable.name()));
    }

    /** The name that a tensor of ours has in the folder. */
    private String there(String ours) {
        int dot = ours.lastIndexOf('.');
        String word = ours.substring(dot + 1);
        if (ours.startsWith("head.")) {
            return HEADS.get(backbone.spec().causal() ? 1 : 0) + "." + word;
        }
        return form.parts().stream()
                .filter(part -> part.ours().equals(word))
                .findFirst()
                .flatMap(part -> form.layout() == PeftForm.Layout.PROMPT
                        ? Optional.of(part.theirs())
                        : names.path(ours.substring(0, dot)).map(path -> path + "." + part.theirs()))
                .orElse(PeftRows.NAME);
    }

    private void throwAll(List<String> faults, String headline) {
        if (faults.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder(
                headline.formatted(folder, method.spec().name(), backbone.spec().name()));
        faults.stream().limit(SHOWN).forEach(fault -> text.append("\n  ").append(fault));
        if (faults.size() > SHOWN) {
            text.append("\n  … and %s more".formatted(faults.size() - SHOWN));
        }
        throw CellFailure.yours("%s", text);
    }
}
