package dev.fewtune.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The one owner of a home folder: a file lock, and beside it who holds it. */
public final class HomeLock implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String OWNER = "lock.owner";
    private final Path home;
    private final FileChannel channel;
    private final FileLock lock;

    /**
     * @param url of the server, or null for a command
     * @param token of the server's API, or null
     */
    public record Owner(long pid, String url, String token) {}

    private HomeLock(Path home, FileChannel channel, FileLock lock) {
        this.home = home;
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws IllegalStateException naming the process that has the folder */
    public static HomeLock take(Path home) {
        try {
            Files.createDirectories(home);
            FileChannel channel =
                    FileChannel.open(home.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new IllegalStateException(
                        "The home folder %s belongs to process %s. Maybe stop it, or set FEWTUNE_HOME to another folder."
                                .formatted(home, readOwner(home).map(Owner::pid).orElse(0L)));
            }
            HomeLock taken = new HomeLock(home, channel, lock);
            taken.tell(null, null);
            return taken;
        } catch (IOException unwritable) {
            throw new IllegalStateException(
                    "The home folder %s cannot be written: %s. Maybe set FEWTUNE_HOME to another folder."
                            .formatted(home, unwritable.getMessage()),
                    unwritable);
        }
    }

    /** Who owns a home folder, where somebody does. */
    public static Optional<Owner> owner(Path home) {
        if (!Files.exists(home.resolve(LOCK))) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(home.resolve(LOCK), StandardOpenOption.WRITE)) {
            FileLock free = tryLock(channel);
            if (free != null) {
                free.release();
                return Optional.empty();
            }
            return Optional.of(readOwner(home).orElse(new Owner(0, null, null)));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Lets commands find the server. The file is for its owner's eyes only. */
    public void tell(String url, String token) throws IOException {
        Path file = home.resolve(OWNER);
        Files.deleteIfExists(file);
        Files.createFile(file);
        file.toFile().setReadable(false, false);
        file.toFile().setReadable(true, true);
        String text =
                ProcessHandle.current().pid() + "\n" + (url == null ? "" : url) + "\n" + (token == null ? "" : token);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(home.resolve(OWNER));
        lock.release();
        channel.close();
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldHere) {
            return null;
        }
    }

    private static Optional<Owner> readOwner(Path home) {
        try {
            String[] lines = Files.readString(home.resolve(OWNER)).split("\n", -1);
            return Optional.of(new Owner(Long.parseLong(lines[0]), lines[1], lines.length > 2 ? lines[2] : null));
        } catch (IOException | RuntimeException nobody) {
            return Optional.empty();
        }
    }
}
