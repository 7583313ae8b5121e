package dev.fewtune.spec;

/** Thrown by a step that noticed that it should stop. */
public final class CancelledException extends RuntimeException {
    public CancelledException() {
        super("cancelled");
    }
}
