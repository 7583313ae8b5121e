package dev.fewtune.hub;

import java.time.Duration;

/**
 * How long to bear with a network.
 *
 * @param tries in a row that bring nothing, before it is a failure
 * @param pause after the first failed try; it doubles from try to try
 * @param longestPause also of a pause that the server asks for
 * @param silence without a byte after which a connection counts as cut
 */
public record Patience(int tries, Duration pause, Duration longestPause, Duration silence) {
    public static final Patience USUAL =
            new Patience(6, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(30));

    public Patience {
        if (tries < 1) {
            throw new IllegalArgumentException("The tries (%s) must be 1 or more.".formatted(tries));
        }
        if (silence.isZero() || silence.isNegative()) {
            throw new IllegalArgumentException("The silence (%s) must be above 0.".formatted(silence));
        }
    }

    /** How long to wait after a number of failed tries in a row, at least as long as asked for. */
    Duration after(int failures, Duration asked) {
        Duration doubled = pause.multipliedBy(1L << Math.min(failures - 1, 20));
        return least(longestPause, asked.compareTo(doubled) > 0 ? asked : doubled);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
