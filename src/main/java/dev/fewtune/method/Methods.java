package dev.fewtune.method;

import dev.fewtune.spec.CellFailure;
import java.util.List;

/** The list of methods. */
public final class Methods {
    public static final List<Method> ALL =
            List.of(new BitFit(), new FullFineTuning(), new HeadOnly(), new Houlsby(), new Lora(), new PromptTuning());

    private Methods() {}

    /** @throws CellFailure with cause YOURS where there is none of that name */
    public static Method named(String name) {
        return ALL.stream()
                .filter(method -> method.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "There is no method %s. Known: %s.",
                        name, ALL.stream().map(method -> method.spec().name()).toList()));
    }
}
