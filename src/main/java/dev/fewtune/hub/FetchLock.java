package dev.fewtune.hub;

import dev.fewtune.spec.Progress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets one worker at a time fetch a revision, across threads and processes. A killed process holds nothing. */
final class FetchLock {
    /**
     * Lock files of this process. None of them is ever opened twice: on Linux, closing the second channel would free the
     * lock of the first.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private FetchLock() {}

    /**
     * Works alone; waits until nobody else does.
     *
     * @param file of the lock; it stays, because who removes it may remove that of another
     * @param what is fetched, for the log of who waits
     * @throws dev.fewtune.spec.CancelledException where progress says so
     */
    static void alone(Path file, String what, Progress progress, Runnable work) {
        Path key = Disk.use(
                file,
                () -> Files.createDirectories(file.getParent()).toRealPath().resolve(file.getFileName()));
        boolean told = false;
        while (!attempt(key, work)) {
            if (!told) {
                progress.log("Another worker is fetching %s; waiting for it.".formatted(what));
                told = true;
            }
            Waiting.pause(Waiting.TICK, progress);
        }
    }

    private static boolean attempt(Path file, Runnable work) {
        if (!HELD.add(file)) {
            return false;
        }
        try {
            FileChannel channel =
                    Disk.use(file, () -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            try {
                FileLock lock = Disk.use(file, channel::tryLock);
                if (lock == null) {
                    return false;
                }
                work.run();
                return true;
            } finally {
                Disk.run(file, channel::close);
            }
        } finally {
            HELD.remove(file);
        }
    }
}
