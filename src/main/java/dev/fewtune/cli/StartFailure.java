package dev.fewtune.cli;

import java.net.BindException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Why the application did not start, for the person who started it. */
record StartFailure(Throwable thrown) {
    private static final String OURS = "dev.fewtune.";
    private static final Pattern NUMBERED = Pattern.compile("SRCFG\\d+: (.*)");
    private static final Pattern VALUE = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being converted SRCFG\\d+: (.*)");
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+) in (.*) does not map to any root");
    private static final Pattern ALLOWED = Pattern.compile(".*allowed values: (.*)");
    private static final Pattern PORT = Pattern.compile("\\d+");

    /** One sentence with its way out. */
    String sentence() {
        return own().or(this::setting)
                .or(this::port)
                .or(this::database)
                .orElseGet(() -> "Fewtune could not start: " + deepest());
    }

    /** What this program throws says all by itself. */
    private Optional<String> own() {
        return chain().filter(cause -> cause.getStackTrace().length > 0
                        && cause.getStackTrace()[0].getClassName().startsWith(OURS))
                .map(Throwable::getMessage)
                .findFirst();
    }

    /** SmallRye reports all wrong settings at once, a line each; the first is told. */
    private Optional<String> setting() {
        return chain().filter(cause -> cause.getClass().getName().startsWith("io.smallrye.config."))
                .flatMap(cause -> String.valueOf(cause.getMessage()).lines())
                .map(NUMBERED::matcher)
                .filter(Matcher::find)
                .map(line -> setting(line.group(1)))
                .findFirst();
    }

    private static String setting(String problem) {
        Matcher unknown = UNKNOWN.matcher(problem);
        if (unknown.matches()) {
            return "There is no setting %s (%s). Maybe one of those that the README lists."
                    .formatted(unknown.group(1), unknown.group(2));
        }
        Matcher value = VALUE.matcher(problem);
        if (!value.matches()) {
            return "A setting is wrong: " + problem;
        }
        Matcher allowed = ALLOWED.matcher(value.group(3));
        String must = allowed.matches()
                ? "must be one of %s."
                        .formatted(String.join(
                                ", ",
                                List.of(allowed.group(1).split(",")).stream()
                                        .sorted()
                                        .toList()))
                : value.group(3).startsWith("Expected an integer") ? "must be a whole number." : value.group(3);
        return "%s (%s) %s".formatted(variable(value.group(1)), value.group(2), must);
    }

    /** Of the environment, as the README names the setting. */
    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private Optional<String> port() {
        return chain().filter(cause -> cause instanceof BindException
                        || cause.getClass().getSimpleName().equals("QuarkusBindException"))
                .map(cause -> PORT.matcher(String.valueOf(cause.getMessage())))
                .filter(Matcher::find)
                .map(port -> "The port %s is in use by another process. Maybe set QUARKUS_HTTP_PORT to another one."
                        .formatted(port.group()))
                .findFirst();
    }

    private Optional<String> database() {
        return chain().filter(SQLException.class::isInstance)
                .map(cause ->
                        String.valueOf(cause.getMessage()).lines().findFirst().orElse(""))
                .map(line -> "The database does not answer: %s. Maybe check DB_URL, DB_USER and DB_PASSWORD."
                        .formatted(line))
                .findFirst();
    }

    private String deepest() {
        Throwable last = chain().reduce(thrown, (above, below) -> below);
        return last.getMessage() == null ? last.toString() : last.getMessage();
    }

    private Stream<Throwable> chain() {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause);
    }
}
