package dev.fewtune.method;

import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Site;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.stream.Stream;

/**
 * The linear maps at which a method acts, as a setting. The cross_... ones are those of a decoder that looks at an
 * encoder, as T5's; a network without them passes over their names.
 */
record Targets(List<String> labels) {
    /** As LoRA has it. */
    static final List<String> QUERIES_AND_VALUES = labels(Site.QUERY, Site.VALUE, Site.CROSS_QUERY, Site.CROSS_VALUE);

    private static final List<String> ALL = labels(
            Site.QUERY,
            Site.KEY,
            Site.VALUE,
            Site.ATTENTION_OUTPUT,
            Site.GATE,
            Site.INTERMEDIATE,
            Site.OUTPUT,
            Site.CROSS_QUERY,
            Site.CROSS_KEY,
            Site.CROSS_VALUE,
            Site.CROSS_ATTENTION_OUTPUT);

    static List<String> everything() {
        return ALL;
    }

    static Setting setting() {
        return setting("targets", QUERIES_AND_VALUES, "The linear maps that are updated.");
    }

    static Setting setting(String name, List<String> fallback, String says) {
        return Setting.choices(name, fallback, ALL, says);
    }

    static Targets of(Settings settings) {
        return of(settings, "targets");
    }

    static Targets of(Settings settings, String name) {
        return new Targets(settings.texts(name));
    }

    boolean hold(Joint at) {
        return labels.contains(at.site().label());
    }

    static List<String> labels(Site... sites) {
        return Stream.of(sites).map(Site::label).toList();
    }
}
