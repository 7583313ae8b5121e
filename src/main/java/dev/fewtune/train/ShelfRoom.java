package dev.fewtune.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Room on a {@link Shelf}: for new files those go that were not used for the longest time and that nobody reads.
 *
 * @param bound bytes that all files together may have
 */
record ShelfRoom(Path folder, long bound) {
    private static final String WHOLE = ".states";
    private static final String DRAFT = ".part";

    static Path whole(Path folder, String key) {
        return folder.resolve(key + WHOLE);
    }

    static Path draft(Path folder, String key) {
        return folder.resolve(key + DRAFT);
    }

    /**
     * For one who alone makes files; drafts that are there were left by a process that was killed.
     *
     * @return why there is no room; empty where there is
     */
    Optional<String> clear(long needed) throws IOException {
        for (Path draft : files(DRAFT)) {
            Files.deleteIfExists(draft);
        }
        List<Path> whole = files(WHOLE).stream()
                .sorted(Comparator.comparing(file -> file.toFile().lastModified()))
                .toList();
        long taken = whole.stream().mapToLong(file -> file.toFile().length()).sum();
        for (Path file : whole) {
            long size = file.toFile().length();
            if (taken + needed > bound && Held.remove(file)) {
                taken -= size;
            }
        }
        if (taken + needed > bound) {
            return Optional.of("files that are being read leave %,d of %,d bytes, and %,d are needed"
                    .formatted(bound - taken, bound, needed));
        }
        long free = Files.getFileStore(folder).getUsableSpace();
        return free < 2 * needed
                ? Optional.of("the disk has %,d bytes left, and twice %,d must be free".formatted(free, needed))
                : Optional.empty();
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
