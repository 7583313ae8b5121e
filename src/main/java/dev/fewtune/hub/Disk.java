package dev.fewtune.hub;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Work on files of the cache folder; what the disk refuses is a failure with cause RESOURCE, never one of the network. */
final class Disk {
    private Disk() {}

    interface Work<T> {
        T make() throws IOException;
    }

    interface Act {
        void make() throws IOException;
    }

    static <T> T use(Path place, Work<T> work) {
        try {
            return work.make();
        } catch (ClosedByInterruptException e) {
            throw Waiting.interrupted(e);
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "%s cannot be used: %s. Maybe the disk is full or the folder is not writable: "
                                    .formatted(place, Wire.reason(e))
                            + "what was whole before stays, nothing else counts.",
                    e);
        }
    }

    static void run(Path place, Act act) {
        use(place, () -> {
            act.make();
            return null;
        });
    }

    /** Gives a small file its new content in one step; after a crash it has the old one or the new one. */
    static void replace(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path draft = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".draft");
        try {
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                write(out, ByteBuffer.wrap(content));
            }
            place(draft, file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Makes a file durable, then gives it its name. */
    static void place(Path draft, Path name) throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(draft, name, StandardCopyOption.ATOMIC_MOVE);
    }

    static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** @throws CellFailure with cause RESOURCE where fewer bytes are free in the folder than are needed */
    static void requireRoom(Path folder, long needed) {
        long free = use(folder, () -> Files.getFileStore(folder).getUsableSpace());
        if (needed > free) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "%s has %s bytes free, and %s more are to be fetched. Maybe put the cache folder on a larger disk."
                            .formatted(folder, free, needed));
        }
    }
}
