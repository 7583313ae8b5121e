package dev.fewtune.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An operating system and a processor.
 *
 * @param os as in the property os.name
 * @param arch as in the property os.arch
 */
record Platform(String os, String arch) {
    /** Those for which TensorFlow Java has native libraries. */
    private static final List<String> SERVED = List.of("linux-x86_64", "linux-arm64", "macosx-arm64");

    static Platform here() {
        return new Platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** Why the program cannot run there, or nothing. */
    Optional<String> refusal() {
        if (SERVED.contains(family() + "-" + processor())) {
            return Optional.empty();
        }
        return Optional.of(
                "Fewtune does not run on %s (%s), because TensorFlow Java has no native library for it; there is one for %s. Maybe use Linux, %s."
                        .formatted(
                                os,
                                arch,
                                String.join(", ", SERVED),
                                family().equals("windows") ? "for example in WSL 2" : "for example in a container"));
    }

    private String family() {
        String lower = os.toLowerCase(Locale.ROOT);
        if (lower.startsWith("windows")) {
            return "windows";
        }
        return lower.startsWith("mac") ? "macosx" : lower;
    }

    private String processor() {
        return switch (arch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm64";
            default -> arch;
        };
    }
}
