package dev.fewtune.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known about a step kind.
 *
 * @param kind the word after {@code uses:}
 * @param version raised by hand when the meaning of its outputs changes
 * @param settings what may stand under {@code with:}
 * @param axes words that may be given by the matrix or under {@code with:}, such as task, method and seed
 * @param takes step kinds of which at least one must be among {@code needs:}; empty where none is needed
 * @param single whether the step is always one cell
 */
public record StepSpec(
        String kind,
        String title,
        int version,
        Pool pool,
        List<Setting> settings,
        Set<String> axes,
        Set<String> takes,
        boolean single) {
    public StepSpec {
        settings = List.copyOf(settings);
        axes = Set.copyOf(axes);
        takes = Set.copyOf(takes);
    }

    public Optional<Setting> setting(String name) {
        return settings.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }
}
