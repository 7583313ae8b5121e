package dev.fewtune.backbone;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A folder with {@code config.json} and safetensors, as Transformers saves a model. */
final class HuggingFaceFolder implements Pretrained {
    private final Path folder;
    private final ModelConfig config;
    private final Shards shards;
    private final Assembly assembly;
    private String identity;

    private HuggingFaceFolder(Path folder, ModelConfig config, Shards shards) {
        this.folder = folder;
        this.config = config;
        this.shards = shards;
        this.assembly = Assembly.of(folder.toString(), config.inventory(), shards);
    }

    /** @throws CellFailure with cause YOURS where it is no such folder, or its weights are not those of its configuration */
    static HuggingFaceFolder open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw CellFailure.yours("There is no folder %s.", folder);
        }
        ModelConfig config = ConfigFile.read(folder);
        try {
            Shards shards = Shards.open(folder);
            return new HuggingFaceFolder(folder, asSaved(config, shards, folder), shards);
        } catch (MalformedFile e) {
            throw CellFailure.yours("The weights in %s cannot be read. %s", folder, e.getMessage());
        }
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    /** Our names of the tensors, from which it shows whether an encoder has its masked-language head. */
    Set<String> names() {
        return assembly.names();
    }

    /** SHA-256 over the configuration and all weights. */
    @Override
    public synchronized String identity() throws IOException {
        if (identity == null) {
            List<Path> files = new ArrayList<>(List.of(folder.resolve(ConfigFile.NAME)));
            files.addAll(shards.files());
            identity = Fingerprint.of(files);
        }
        return identity;
    }

    @Override
    public void convert(Path target, Precision precision) throws IOException {
        assembly.write(target, precision);
    }

    /**
     * Configurations say that the output matrix is tied although the file has another one; Transformers 5 believes the
     * file.
     */
    private static ModelConfig asSaved(ModelConfig config, Shards shards, Path folder) throws IOException {
        if (!config.tied() || !shards.names().contains(config.foreignHead())) {
            return config;
        }
        for (Piece piece : config.inventory().pieces()) {
            for (String tokens : piece.foreign()) {
                if (piece.name().endsWith(".tokens.weight") && shards.names().contains(tokens)) {
                    return shards.equal(tokens, config.foreignHead()) ? config : untied(config, folder);
                }
            }
        }
        return config;
    }

    private static ModelConfig untied(ModelConfig config, Path folder) {
        try {
            return config.untied();
        } catch (IllegalArgumentException e) {
            throw CellFailure.yours("The weights in %s cannot be used. %s", folder, e.getMessage());
        }
    }
}
