package dev.fewtune.backbone;

import dev.fewtune.spec.BackboneSpec;
import java.util.List;

/** The backbones, in the order of their names. */
public final class Backbones {
    public static final List<Backbone> ALL =
            List.of(new BertBase(), MavenEncoder.bgeSmall(), MavenEncoder.e5Small(), MavenEncoder.miniLm());

    private Backbones() {}

    public static List<BackboneSpec> specs() {
        return ALL.stream().map(Backbone::spec).toList();
    }
}
