package dev.fewtune.spec;

/** A failure whose cause is known. Anything else that is thrown in a step counts as {@link Cause#OURS}. */
public final class CellFailure extends RuntimeException {
    private final Cause cause;

    public CellFailure(Cause cause, String message) {
        super(message);
        this.cause = cause;
    }

    public CellFailure(Cause cause, String message, Throwable thrown) {
        super(message, thrown);
        this.cause = cause;
    }

    public static CellFailure yours(String message, Object... values) {
        return new CellFailure(Cause.YOURS, message.formatted(values));
    }

    public Cause kind() {
        return cause;
    }
}
