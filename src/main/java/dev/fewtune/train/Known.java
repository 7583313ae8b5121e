package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.text.Tokenizers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the engine can train, for the rooms that do not look inside it. */
public final class Known {
    private Known() {}

    public static List<MethodSpec> methods() {
        return Methods.specs();
    }

    /** Whether a method has a setting. */
    public static boolean has(String method, String setting) {
        return methods().stream()
                .filter(spec -> spec.name().equals(method))
                .flatMap(spec -> spec.settings().stream())
                .anyMatch(known -> known.name().equals(setting));
    }

    /** Whether a method, set up so, looks at what earlier steps have learned. */
    public static boolean takesSources(String method, Map<String, Object> settings) {
        return Methods.named(method).takesSources(settings);
    }

    /** Whether all examples of a batch must be of one task for a method. */
    public static boolean oneTaskPerBatch(String method) {
        return Methods.named(method).oneTaskPerBatch();
    }

    /** How batches are made of several tasks where nothing is said; see {@link Beside}. */
    public static String mixing(String method) {
        if (oneTaskPerBatch(method)) {
            return Beside.BY_TEMPERATURE;
        }
        return method.equals("mpt") ? Beside.STOCHASTIC : Beside.SHUFFLED;
    }

    /** The methods whose training leaves rows that stand before any text, so that others can start from them. */
    public static List<String> promptMethods() {
        return List.of(
                "prompt-tuning",
                "adept",
                "dept",
                "dpt",
                "ept",
                "lamp",
                "lopt",
                "p-tuning",
                "residual-prompt",
                "superpos",
                "ulpt");
    }

    public static List<BackboneSpec> backbones() {
        return Backbones.specs();
    }

    /** A built-in backbone, also one that this build is without. */
    public static Optional<BackboneSpec> backbone(String name) {
        return backbones().stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst();
    }

    /**
     * What the configuration of a model in a folder tells; its weights are not looked at.
     *
     * @param name for the spec
     * @throws CellFailure with cause YOURS where there is no model that can be read
     */
    public static BackboneSpec look(String name, Path folder) {
        return FolderBackbone.look(name, folder);
    }

    /**
     * Of the content of a built-in backbone.
     *
     * @throws CellFailure with cause YOURS where there is none of that name
     */
    public static String identity(String name) {
        return named(name).identity();
    }

    /**
     * The text of the tokenizer.json of a built-in backbone.
     *
     * @throws CellFailure with cause YOURS where there is none of that name, or this build is without it
     */
    public static String tokenizerJson(String name) throws IOException {
        return tokenizerJson(named(name));
    }

    static String tokenizerJson(Backbone backbone) throws IOException {
        List<String> words = backbone.vocabulary();
        if (words.isEmpty()) {
            return backbone.tokenizerJson();
        }
        byte[] lines = String.join("\n", words).getBytes(StandardCharsets.UTF_8);
        return Tokenizers.bertJson(backbone.spec().name(), new ByteArrayInputStream(lines), true);
    }

    private static Backbone named(String name) {
        return Backbones.ALL.stream()
                .filter(backbone -> backbone.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours("There is no backbone %s.", name));
    }
}
