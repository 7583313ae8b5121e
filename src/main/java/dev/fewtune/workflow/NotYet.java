package dev.fewtune.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Refuses the parts of the language that this version does not act on, and says what happens instead. */
record NotYet(Shapes shapes, Problems problems) {
    static final String DEFAULTS = "defaults";
    static final String CACHE = "cache";

    /** The only value of {@code cache:} that is acted on. */
    static final String OFF = "off";

    private static final String VERSION = "Fewtune 0.1";
    private static final List<String> MODES = List.of("use", "refresh", OFF);
    private static final Map<String, String> INSTEAD = instead();

    private static Map<String, String> instead() {
        Map<String, String> instead = new LinkedHashMap<>();
        instead.put("timeout", "remove it: an attempt runs until it ends; cancel the run to stop it");
        instead.put(
                "retry",
                "remove it: an attempt that failed in passing is tried twice more by itself, any other cell by 'retry'");
        instead.put("resources", "remove it: what trains runs on the device of its worker");
        instead.put("checkpoint", "with: {checkpoint_every: 200}, where the step trains");
        instead.put(CACHE, "cache: off, or remove it: every cell runs");
        instead.put(DEFAULTS, "remove it, and say what it says in each step");
        return instead;
    }

    /** What a step may say only to be refused, cache aside. */
    static List<String> ofSteps() {
        return INSTEAD.keySet().stream()
                .filter(key -> !key.equals(CACHE) && !key.equals(DEFAULTS))
                .toList();
    }

    void refuseIn(Tree.Mapping step) {
        ofSteps().forEach(key -> refuse(step, key));
        Tree cache = step.get(CACHE);
        if (cache == null) {
            return;
        }
        shapes.text(cache, CACHE).filter(mode -> !mode.equals(OFF)).ifPresent(mode -> {
            if (MODES.contains(mode)) {
                refuse(step, CACHE);
            } else {
                problems.unknown(cache.at(), "cache mode", mode, MODES);
            }
        });
    }

    void refuse(Tree.Mapping mapping, String key) {
        if (mapping.get(key) != null) {
            problems.add(
                    mapping.entries().get(key).key(),
                    "not-yet",
                    "%s does not act on %s yet".formatted(VERSION, key),
                    INSTEAD.get(key));
        }
    }
}
