package dev.fewtune.backbone;

import dev.fewtune.spec.CellFailure;
import java.util.List;

/** The list of backbones. */
public final class Backbones {
    public static final List<Backbone> ALL = List.of(new MiniLm());

    private Backbones() {}

    /** @throws CellFailure with cause YOURS where there is none of that name */
    public static Backbone named(String name) {
        return ALL.stream()
                .filter(backbone -> backbone.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "There is no backbone %s. Known: %s.",
                        name,
                        ALL.stream().map(backbone -> backbone.spec().name()).toList()));
    }
}
