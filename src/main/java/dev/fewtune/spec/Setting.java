package dev.fewtune.spec;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One setting that a method or a step kind takes.
 *
 * @param fallback the value where none is given; null where the setting has no fixed default
 * @param min smallest legal number, for INTEGER and NUMBER
 * @param max largest legal number, for INTEGER and NUMBER
 * @param choices the legal words, for CHOICE and CHOICES; empty for other kinds
 * @param says one sentence for people, units included
 * @param need the setting without which this one has no effect; null where there is none
 */
public record Setting(
        String name, Kind kind, Object fallback, double min, double max, List<String> choices, String says, Need need) {

    /** A setting of the same list and the value that it must have. */
    public record Need(String setting, Object value) {
        @Override
        public String toString() {
            return "%s: %s".formatted(setting, value);
        }
    }

    /** What a value looks like. CHOICES is a list of words out of {@link #choices}. */
    public enum Kind {
        INTEGER,
        NUMBER,
        FLAG,
        CHOICE,
        CHOICES,
        TEXT,
        /** A folder or file of the user's, or one of {@link #choices} instead. */
        PATH
    }

    public Setting {
        choices = List.copyOf(choices);
        if (fallback != null) {
            Optional<String> problem = problem(name, kind, min, max, choices, fallback);
            if (problem.isPresent()) {
                throw new IllegalArgumentException("The default of a setting is not legal: " + problem.get());
            }
        }
    }

    /** What is legal, for people; empty where anything is. */
    public String range() {
        return switch (kind) {
            case INTEGER -> "%s to %s".formatted((long) min, (long) max);
            case NUMBER -> "%s to %s".formatted(plain(min), plain(max));
            case CHOICE, CHOICES -> String.join(", ", choices);
            case FLAG -> "true, false";
            case TEXT, PATH -> "";
        };
    }

    public static Setting integer(String name, Integer fallback, int min, int max, String says) {
        return new Setting(
                name, Kind.INTEGER, fallback == null ? null : fallback.longValue(), min, max, List.of(), says, null);
    }

    public static Setting number(String name, Double fallback, double min, double max, String says) {
        return new Setting(name, Kind.NUMBER, fallback, min, max, List.of(), says, null);
    }

    public static Setting flag(String name, boolean fallback, String says) {
        return new Setting(name, Kind.FLAG, fallback, 0, 0, List.of(), says, null);
    }

    public static Setting choice(String name, String fallback, List<String> choices, String says) {
        return new Setting(name, Kind.CHOICE, fallback, 0, 0, choices, says, null);
    }

    public static Setting choices(String name, List<String> fallback, List<String> choices, String says) {
        return new Setting(name, Kind.CHOICES, fallback, 0, 0, choices, says, null);
    }

    public static Setting text(String name, String fallback, String says) {
        return new Setting(name, Kind.TEXT, fallback, 0, 0, List.of(), says, null);
    }

    /** The same setting, which has an effect only where another one has a value. */
    public Setting onlyWith(String setting, Object value) {
        return new Setting(name, kind, fallback, min, max, choices, says, new Need(setting, value));
    }

    /**
     * A folder of the user's, in a workflow relative to its file.
     *
     * @param instead words that mean something else than a path
     */
    public static Setting path(String name, List<String> instead, String says) {
        return new Setting(name, Kind.PATH, null, 0, 0, instead, says, null);
    }

    /** Says what is wrong with a value, with the value and the range; empty where it is legal. */
    public Optional<String> problem(Object value) {
        return problem(name, kind, min, max, choices, value);
    }

    /** The legal value in its canonical form: Long, Double, Boolean, String or List of String. */
    public Object canonical(Object value) {
        return switch (kind) {
            case INTEGER -> ((Number) value).longValue();
            case NUMBER -> ((Number) value).doubleValue();
            case CHOICES -> List.copyOf((List<?>) value);
            case FLAG, CHOICE, TEXT, PATH -> value;
        };
    }

    private static Optional<String> problem(
            String name, Kind kind, double min, double max, List<String> choices, Object value) {
        return switch (kind) {
            case INTEGER ->
                value instanceof Integer || value instanceof Long
                        ? range(name, ((Number) value).doubleValue(), value, (long) min, (long) max, min, max)
                        : Optional.of("%s (%s) must be a whole number.".formatted(name, value));
            case NUMBER ->
                value instanceof Number number
                        ? range(name, number.doubleValue(), value, min, max, min, max)
                        : Optional.of("%s (%s) must be a number.".formatted(name, value));
            case FLAG ->
                value instanceof Boolean
                        ? Optional.empty()
                        : Optional.of("%s (%s) must be true or false.".formatted(name, value));
            case CHOICE ->
                choices.contains(value)
                        ? Optional.empty()
                        : Optional.of("%s (%s) must be one of %s.".formatted(name, value, String.join(", ", choices)));
            case CHOICES ->
                value instanceof List<?> list && !list.isEmpty() && choices.containsAll(list)
                        ? Optional.empty()
                        : Optional.of(
                                "%s (%s) must be a list out of %s.".formatted(name, value, String.join(", ", choices)));
            case TEXT, PATH ->
                value instanceof String
                        ? Optional.empty()
                        : Optional.of("%s (%s) must be a text.".formatted(name, value));
        };
    }

    private static Optional<String> range(
            String name, double number, Object shown, Number shownMin, Number shownMax, double min, double max) {
        return number >= min && number <= max
                ? Optional.empty()
                : Optional.of("%s (%s) must lie in [%s, %s].".formatted(name, shown, shownMin, shownMax));
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
