package dev.fewtune.hub;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file on its way: {@code name.part} holds its first bytes, {@code name.part.etag} the entity tag of the content that
 * they belong to. All methods throw a failure with cause RESOURCE where the disk refuses.
 */
final class Part implements AutoCloseable {
    static final String SUFFIX = ".part";

    private final Path target;
    private final Path file;
    private final Path etagFile;
    private FileChannel out;

    Part(Path target) {
        this.target = target;
        this.file = target.resolveSibling(target.getFileName() + SUFFIX);
        this.etagFile = file.resolveSibling(file.getFileName() + ".etag");
    }

    Path file() {
        return file;
    }

    /** Bytes that are here. */
    long size() {
        return Disk.use(file, () -> Files.exists(file) ? Files.size(file) : 0);
    }

    /** The entity tag to go on with; empty where there is none and the bytes must come anew. */
    String etag() {
        return Disk.use(etagFile, () -> Files.exists(etagFile) ? Files.readString(etagFile) : "");
    }

    /** Starts with no bytes. The tag is written while there are none, so that it never stands beside older ones. */
    void begin(String etag) {
        close();
        Disk.run(file, () -> {
            out = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            Files.writeString(etagFile, etag);
        });
    }

    /** Goes on behind the bytes that are here. */
    void resume() {
        close();
        Disk.run(file, () -> out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    /** @return the bytes written */
    long append(List<ByteBuffer> chunk) {
        return Disk.use(file, () -> {
            long written = 0;
            for (ByteBuffer bytes : chunk) {
                written += bytes.remaining();
                Disk.write(out, bytes);
            }
            return written;
        });
    }

    void discard() {
        close();
        Disk.run(file, () -> {
            Files.deleteIfExists(file);
            Files.deleteIfExists(etagFile);
        });
    }

    /** Gives the whole and checked file its name. */
    void finish() {
        close();
        Disk.run(target, () -> {
            Disk.place(file, target);
            Files.deleteIfExists(etagFile);
        });
    }

    @Override
    public void close() {
        if (out == null) {
            return;
        }
        FileChannel open = out;
        out = null;
        Disk.run(file, open::close);
    }
}
