package dev.fewtune.leaderboard;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a board can be written as. */
public enum Format {
    TEXT("text/plain;charset=UTF-8", "txt"),
    JSON("application/json", "json"),
    CSV("text/csv;charset=UTF-8", "csv"),
    MARKDOWN("text/markdown;charset=UTF-8", "md"),
    LATEX("application/x-latex;charset=UTF-8", "tex");

    private final String mediaType;
    private final String extension;

    Format(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /** Of a file name, without the dot. */
    public String extension() {
        return extension;
    }

    /** The word that people type. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By its word or its extension, such as {@code markdown} or {@code md}, in any case. */
    public static Optional<Format> find(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format ->
                        format.label().equals(lower) || format.extension().equals(lower))
                .findFirst();
    }
}
