package dev.fewtune.run;

import dev.fewtune.artifact.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folders of attempts in the store: {@code drafts/<run>-<ordinal>-<attempt>}, and for checkpoints {@code
 * kept/<run>-<ordinal>-<first attempt that may use them>}. So an attempt that was given up never writes where its
 * successor reads.
 */
record Folders(Store store) {
    private static final Pattern NAME = Pattern.compile("(\\d{1,12})-(\\d{1,6})-(\\d{1,9})");

    Path draft(CellRequest attempt) throws IOException {
        return store.draft(name(attempt, attempt.attempt()));
    }

    /** Empty for the first attempt that may use it. */
    Path checkpoints(CellRequest attempt, int freshFrom) throws IOException {
        if (attempt.attempt() == freshFrom) {
            // Left by a run of the same number in a database that is no more.
            store.forget(name(attempt, freshFrom));
        }
        return store.kept(name(attempt, freshFrom));
    }

    /** Removes what an attempt that ended needs no more; what cannot be removed now is left to {@link Retention}. */
    void leave(CellRequest attempt, int freshFrom, boolean succeeded) {
        try {
            store.discard(name(attempt, attempt.attempt()));
            if (succeeded) {
                store.forget(name(attempt, freshFrom));
            }
        } catch (IOException stays) {
            // The next tidying finds it.
        }
    }

    /** The attempt whose draft a folder holds, or the first that may use its checkpoints. */
    static Optional<CellRequest> owner(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches()
                ? Optional.of(new CellRequest(
                        Long.parseLong(name.group(1)),
                        Integer.parseInt(name.group(2)),
                        Integer.parseInt(name.group(3))))
                : Optional.empty();
    }

    private static String name(CellRequest cell, int number) {
        return "%d-%d-%d".formatted(cell.run(), cell.ordinal(), number);
    }
}
