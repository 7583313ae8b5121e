package dev.fewtune.backbone;

import dev.fewtune.graft.Weights;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Weights by backbone: converted once into a cache folder that several processes may share, and mapped once. */
public final class WeightFiles {
    /** A file lock is for other processes; within one, a second try at it is an error. */
    private static final Object CONVERTING = new Object();

    private final Path folder;
    private final Map<String, Weights> open = new HashMap<>();

    /** Writes one aligned safetensors file. */
    private interface Conversion {
        void to(Path target) throws IOException;
    }

    /** @param folder a local folder; made where it is missing */
    public WeightFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * @throws CellFailure with cause YOURS where the backbone's own files are broken, and RESOURCE where the converted
     *     one cannot be written or read
     */
    public synchronized Weights of(Backbone backbone) {
        return of(backbone.identity(), backbone.spec().name(), backbone::convert);
    }

    /**
     * In bfloat16 matrices and tables of another file, which is made of the float32 one; float32 tensors are still those
     * of that one, not rounded.
     *
     * @throws CellFailure as above
     */
    public synchronized Weights of(Backbone backbone, Precision precision) {
        Weights wide = of(backbone);
        if (precision == Precision.F32) {
            return wide;
        }
        Path source = folder.resolve(backbone.identity() + ".safetensors");
        Weights narrow =
                of(backbone.identity() + precision.suffix(), backbone.spec().name(), target -> new Rounding(
                                Safetensors.open(source))
                        .write(target, precision));
        return new MixedWeights(wide, narrow);
    }

    /** @throws CellFailure as above */
    synchronized Weights of(Pretrained pretrained, String name, Precision precision) {
        try {
            String identity = pretrained.identity() + precision.suffix();
            return of(identity, name, target -> pretrained.convert(target, precision));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private Weights of(String identity, String name, Conversion conversion) {
        return open.computeIfAbsent(identity, key -> load(identity, name, conversion));
    }

    private Weights load(String identity, String name, Conversion conversion) {
        Path file = folder.resolve(identity + ".safetensors");
        try {
            if (Files.notExists(file)) {
                convert(identity, conversion, file);
            }
        } catch (MalformedFile e) {
            throw new CellFailure(
                    Cause.YOURS, "The weights of %s cannot be read. %s".formatted(name, e.getMessage()), e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        try {
            return new MappedWeights(Safetensors.open(file));
        } catch (MalformedFile e) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "The converted weights of %s were damaged: %s Maybe delete %s; it is made again."
                            .formatted(name, e.getMessage(), file),
                    e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private void convert(String identity, Conversion conversion, Path file) throws IOException {
        Files.createDirectories(folder);
        Path lockFile = folder.resolve(identity + ".lock");
        synchronized (CONVERTING) {
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && Files.notExists(file)) {
                    deleteDrafts(file);
                    conversion.to(file);
                }
            }
        }
    }

    /** What a process that was killed in the middle has left; under the lock there is no other one. */
    private void deleteDrafts(Path file) throws IOException {
        try (DirectoryStream<Path> drafts =
                Files.newDirectoryStream(folder, SafetensorsWriter.drafts(file) + "*.part")) {
            for (Path draft : drafts) {
                Files.deleteIfExists(draft);
            }
        }
    }

    private CellFailure unreadable(String name, IOException e) {
        return new CellFailure(
                Cause.RESOURCE,
                "The weights of %s could not be put into the cache folder %s: %s"
                        .formatted(name, folder, e.getMessage()),
                e);
    }
}
