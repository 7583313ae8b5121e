package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.MethodSpec;
import java.io.IOException;
import java.util.List;

/** What the engine can train, for the rooms that do not look inside it. */
public final class Known {
    private Known() {}

    public static List<MethodSpec> methods() {
        return Methods.ALL.stream().map(Method::spec).toList();
    }

    public static List<BackboneSpec> backbones() {
        return Backbones.ALL.stream().map(Backbone::spec).toList();
    }

    /** @throws dev.fewtune.spec.CellFailure where there is none of that name */
    public static BackboneSpec backbone(String name) {
        return Backbones.named(name).spec();
    }

    /** The tokenizer.json of a backbone. */
    public static String tokenizerJson(String backbone) throws IOException {
        return Backbones.named(backbone).tokenizerJson();
    }
}
