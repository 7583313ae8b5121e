package dev.fewtune.backbone;

import dev.fewtune.graft.Weights;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Weights by backbone: converted once into a cache folder that several processes may share, and mapped once. */
public final class WeightFiles {
    private final Path folder;
    private final Map<String, Weights> open = new HashMap<>();

    /** @param folder a local folder; made where it is missing */
    public WeightFiles(Path folder) {
        this.folder = folder;
    }

    /** @throws CellFailure with cause RESOURCE where the file cannot be written or read */
    public synchronized Weights of(Backbone backbone) {
        return open.computeIfAbsent(backbone.identity(), identity -> load(backbone));
    }

    private Weights load(Backbone backbone) {
        Path file = folder.resolve(backbone.identity() + ".safetensors");
        try {
            if (Files.notExists(file)) {
                convert(backbone, file);
            }
            return new MappedWeights(Safetensors.open(file));
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "The weights of %s could not be put into the cache folder %s: %s"
                            .formatted(backbone.spec().name(), folder, e.getMessage()),
                    e);
        }
    }

    private void convert(Backbone backbone, Path file) throws IOException {
        Files.createDirectories(folder);
        Path lockFile = folder.resolve(backbone.identity() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && Files.notExists(file)) {
                backbone.convert(file);
            }
        }
    }
}
