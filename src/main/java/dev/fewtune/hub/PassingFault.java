package dev.fewtune.hub;

import java.io.IOException;
import java.time.Duration;

/** An answer after which it is worth trying again. */
final class PassingFault extends IOException {
    private final transient Duration wait;

    /** @param wait how long the server asks us to wait; zero where it does not */
    PassingFault(String message, Duration wait) {
        super(message);
        this.wait = wait;
    }

    static Duration askedWait(IOException fault) {
        return fault instanceof PassingFault passing ? passing.wait : Duration.ZERO;
    }
}
