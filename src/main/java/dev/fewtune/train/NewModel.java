package dev.fewtune.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewtune.backbone.NewFolder;
import dev.fewtune.backbone.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Folders of models that are made here, for the rooms that do not look inside the engine. */
public final class NewModel {
    private NewModel() {}

    /** See {@link NewFolder#blank}. */
    public static void blank(Path folder, JsonNode config, String tokenizer, Map<String, String> tokens, long seed)
            throws IOException {
        NewFolder.blank(folder, config, tokenizer, tokens, seed);
    }

    /**
     * The same network as in a folder with other weights.
     *
     * @param weights as {@link Pretrainer} writes them
     */
    public static void trained(Path like, Path weights, Path folder) throws IOException {
        NewFolder.trained(like, Safetensors.open(weights), folder);
    }
}
