package dev.fewtune.train;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file of numbers that is read, mapped, and may not be removed meanwhile; see {@link Shelf}. */
final class Held implements AutoCloseable {
    /** Java maps less than 2 GiB at once. */
    private static final long WINDOW = 1L << 30;

    /** A system knows locks by process, not by thread, so a file that several threads read is opened and locked once. */
    private static final Map<Path, Held> READ = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;
    private final List<MappedByteBuffer> windows = new ArrayList<>();
    private int readers = 1;

    private Held(Path file, FileChannel channel, FileLock lock, long size, long longest) throws IOException {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
        for (long begin = 0; begin < size; begin += WINDOW) {
            windows.add(channel.map(MapMode.READ_ONLY, begin, Math.min(size, begin + WINDOW + longest) - begin));
        }
    }

    /**
     * @param size that the whole file has
     * @param longest bytes that are read at once, at most 1 GiB
     * @return empty where there is no such file, or not the whole of it
     */
    static Optional<Held> of(Path file, long size, long longest) throws IOException {
        synchronized (READ) {
            Held held = READ.get(file);
            if (held != null) {
                held.readers++;
                return Optional.of(held);
            }
            if (Files.notExists(file)) {
                return Optional.empty();
            }
            Optional<Held> opened = open(file, size, longest);
            opened.ifPresent(whole -> READ.put(file, whole));
            return opened;
        }
    }

    /** Removes a file that neither this process nor another one reads; returns whether it is gone. */
    static boolean remove(Path file) throws IOException {
        synchronized (READ) {
            if (READ.containsKey(file)) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                    FileLock alone = channel.tryLock()) {
                return alone != null && Files.deleteIfExists(file);
            }
        }
    }

    void read(long from, byte[] to, int at, int length) {
        windows.get((int) (from / WINDOW)).get((int) (from % WINDOW), to, at, length);
    }

    @Override
    public void close() {
        synchronized (READ) {
            readers--;
            if (readers > 0) {
                return;
            }
            READ.remove(file);
            try (channel) {
                lock.release();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static Optional<Held> open(Path file, long size, long longest) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            FileLock lock = channel.lock(0, Long.MAX_VALUE, true);
            // It may have been removed before the lock was there.
            if (channel.size() == size && Files.exists(file)) {
                return Optional.of(new Held(file, channel, lock, size, longest));
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }
}
