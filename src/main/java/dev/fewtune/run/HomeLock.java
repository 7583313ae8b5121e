package dev.fewtune.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The one owner of a home folder: a file lock, and beside it who holds it. */
public final class HomeLock implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String OWNER = "lock.owner";

    /**
     * Home folders of this process. A lock file of ours is never opened twice: on Linux, closing the second channel would
     * free the lock of the first.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

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
            if (!HELD.add(home.toRealPath())) {
                throw taken(home);
            }
            return lock(home);
        } catch (IOException unwritable) {
            throw new IllegalStateException(
                    "The home folder %s cannot be written: %s. Maybe set FEWTUNE_HOME to another folder."
                            .formatted(home, unwritable.getMessage()),
                    unwritable);
        }
    }

    private static HomeLock lock(Path home) throws IOException {
        boolean held = false;
        try {
            FileChannel channel =
                    FileChannel.open(home.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw taken(home);
            }
            HomeLock taken = new HomeLock(home, channel, lock);
            taken.tell(null, null);
            held = true;
            return taken;
        } finally {
            if (!held) {
                HELD.remove(home.toRealPath());
            }
        }
    }

    private static IllegalStateException taken(Path home) {
        return new IllegalStateException(
                "The home folder %s belongs to process %s. Maybe stop it, or set FEWTUNE_HOME to another folder."
                        .formatted(home, readOwner(home).map(Owner::pid).orElse(0L)));
    }

    /** Who owns a home folder, where somebody does. */
    public static Optional<Owner> owner(Path home) {
        if (!Files.exists(home.resolve(LOCK))) {
            return Optional.empty();
        }
        if (heldHere(home)) {
            return readOwner(home);
        }
        try (FileChannel channel = FileChannel.open(home.resolve(LOCK), StandardOpenOption.WRITE)) {
            FileLock free = channel.tryLock();
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
        HELD.remove(home.toRealPath());
    }

    private static boolean heldHere(Path home) {
        try {
            return HELD.contains(home.toRealPath());
        } catch (IOException absent) {
            return false;
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
