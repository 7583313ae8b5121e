package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import java.io.IOException;
import java.util.List;

/** What the engine can train, for the rooms that do not look inside it. */
public final class Known {
    private Known() {}

    public static List<MethodSpec> methods() {
        return Methods.specs();
    }

    public static List<BackboneSpec> backbones() {
        return Backbones.specs();
    }

    /** The text of a backbone's tokenizer.json. */
    public static String tokenizerJson(String name) throws IOException {
        for (Backbone backbone : Backbones.ALL) {
            if (backbone.spec().name().equals(name)) {
                return backbone.tokenizerJson();
            }
        }
        throw CellFailure.yours("There is no backbone %s.", name);
    }

    /** @throws CellFailure with cause YOURS where there is none of that name */
    public static BackboneSpec backbone(String name) {
        return backbones().stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours("There is no backbone %s.", name));
    }
}
