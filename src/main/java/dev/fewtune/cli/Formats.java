package dev.fewtune.cli;

import dev.fewtune.leaderboard.Format;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The word after {@code --format}. */
final class Formats implements ITypeConverter<Format> {
    @Override
    public Format convert(String word) {
        return Format.find(word)
                .orElseThrow(() -> new TypeConversionException("'%s' must be one of %s.".formatted(word, known())));
    }

    private static String known() {
        return Arrays.stream(Format.values())
                .map(format -> format.label().equals(format.extension())
                        ? format.label()
                        : format.label() + " (" + format.extension() + ")")
                .collect(Collectors.joining(", "));
    }
}
