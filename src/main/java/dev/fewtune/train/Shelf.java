package dev.fewtune.train;

import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A folder of files that can be made again, shared by the processes of one machine, with a bound on what it takes of the
 * disk; see {@link ShelfRoom}. One training at a time makes files; the others wait, for they may want the same ones.
 */
final class Shelf {
    private static final String LOCK = "lock";
    private static final int PATIENCE_MILLISECONDS = 100;

    /** A file lock is for other processes; within one, a second try at it is an error. */
    private static final ReentrantLock MAKING = new ReentrantLock();

    private final Path folder;
    private final long bound;
    private final Clock clock;

    /**
     * A file, by what it holds.
     *
     * @param key names it
     * @param size in bytes
     * @param longest bytes that are read at once, at most 1 GiB
     */
    record Wish(String key, long size, long longest) {}

    /**
     * What is there in answer to wishes.
     *
     * @param made how many files were not there before
     * @param refusal why nothing is there, or null
     */
    record Taken(Map<Wish, Held> files, int made, String refusal) {}

    /** Writes the missing files, all at once. */
    interface Making {
        void write(Map<Wish, FileChannel> drafts) throws IOException;
    }

    /**
     * @param folder made where it is missing
     * @param bound bytes that all files together may have; 0 to keep nothing
     */
    Shelf(Path folder, long bound, Clock clock) {
        this.folder = folder.toAbsolutePath();
        this.bound = bound;
        this.clock = clock;
    }

    boolean keeps() {
        return bound > 0;
    }

    /**
     * Finds all files that are wished for, and has those made that are missing. The caller closes them. Where that cannot
     * be, it is refused in words: whoever asks can do without.
     *
     * @throws dev.fewtune.spec.CancelledException where progress says so while another training makes files
     */
    Taken take(List<Wish> wishes, Making making, Progress progress) {
        long all = wishes.stream().mapToLong(Wish::size).sum();
        if (all > bound) {
            return refused("they take %,d bytes, and all that is kept may take %,d".formatted(all, bound));
        }
        Map<Wish, Held> there = new HashMap<>();
        try {
            Files.createDirectories(folder);
            find(wishes, there);
            Taken taken =
                    there.size() == wishes.size() ? new Taken(there, 0, null) : alone(wishes, there, making, progress);
            if (taken.refusal() != null) {
                there.values().forEach(Held::close);
            }
            return taken;
        } catch (IOException e) {
            there.values().forEach(Held::close);
            return refused(e.toString());
        } catch (RuntimeException e) {
            there.values().forEach(Held::close);
            throw e;
        }
    }

    private void find(List<Wish> wishes, Map<Wish, Held> there) throws IOException {
        for (Wish wish : wishes) {
            Path file = ShelfRoom.whole(folder, wish.key());
            Optional<Held> held =
                    there.containsKey(wish) ? Optional.empty() : Held.of(file, wish.size(), wish.longest());
            if (held.isPresent()) {
                there.put(wish, held.get());
                Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            }
        }
    }

    /** Once nobody else makes files. */
    private Taken alone(List<Wish> wishes, Map<Wish, Held> there, Making making, Progress progress) throws IOException {
        while (!MAKING.tryLock()) {
            progress.check();
            rest();
        }
        try (FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (channel.tryLock() == null) {
                progress.check();
                rest();
            }
            // What another one has made meanwhile.
            find(wishes, there);
            List<Wish> missing =
                    wishes.stream().filter(wish -> !there.containsKey(wish)).toList();
            return make(missing, there, making)
                    .map(Shelf::refused)
                    .orElseGet(() -> new Taken(there, missing.size(), null));
        } finally {
            MAKING.unlock();
        }
    }

    private Optional<String> make(List<Wish> missing, Map<Wish, Held> there, Making making) throws IOException {
        Optional<String> narrow = new ShelfRoom(folder, bound)
                .clear(missing.stream().mapToLong(Wish::size).sum());
        if (narrow.isPresent() || missing.isEmpty()) {
            return narrow;
        }
        Map<Wish, FileChannel> drafts = new LinkedHashMap<>();
        try {
            for (Wish wish : missing) {
                drafts.put(
                        wish,
                        FileChannel.open(
                                ShelfRoom.draft(folder, wish.key()),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING));
            }
            making.write(drafts);
            for (Wish wish : missing) {
                drafts.get(wish).force(true);
                Files.move(
                        ShelfRoom.draft(folder, wish.key()),
                        ShelfRoom.whole(folder, wish.key()),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            for (Map.Entry<Wish, FileChannel> draft : drafts.entrySet()) {
                draft.getValue().close();
                Files.deleteIfExists(ShelfRoom.draft(folder, draft.getKey().key()));
            }
        }
        find(missing, there);
        return there.keySet().containsAll(missing)
                ? Optional.empty()
                : Optional.of("files that were just made are not as long as they must be");
    }

    private static void rest() throws IOException {
        try {
            Thread.sleep(PATIENCE_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while another training made its files", e);
        }
    }

    private static Taken refused(String why) {
        return new Taken(Map.of(), 0, why);
    }
}
