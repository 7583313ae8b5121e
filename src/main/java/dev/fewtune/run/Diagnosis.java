package dev.fewtune.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.fewtune.db.Tx;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;

/** What a thrown thing says about the end of an attempt. */
final class Diagnosis {
    private Diagnosis() {}

    static Ending.Outcome of(Throwable thrown) {
        Cause cause = cause(thrown);
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return new Ending.Outcome(CellState.FAILED, cause, message(thrown, cause), trace.toString(), null, null);
    }

    private static Cause cause(Throwable thrown) {
        if (has(thrown, OutOfMemoryError.class)) {
            return Cause.RESOURCE;
        }
        if (interrupted(thrown)) {
            return Cause.INFRA;
        }
        if (thrown instanceof CellFailure known) {
            return known.kind();
        }
        if (Tx.mayPass(thrown)) {
            return Cause.INFRA;
        }
        if (thrown instanceof UncheckedIOException unchecked) {
            return cause(unchecked.getCause());
        }
        return thrown instanceof IOException io ? ofFiles(io) : Cause.OURS;
    }

    /** A file that an interrupt closed is no fault of the disk. */
    private static boolean interrupted(Throwable thrown) {
        return has(thrown, InterruptedException.class) || has(thrown, ClosedByInterruptException.class);
    }

    private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static Cause ofFiles(IOException thrown) {
        if (thrown instanceof JsonProcessingException) {
            return Cause.OURS;
        }
        boolean full = String.valueOf(thrown.getMessage()).contains("No space left");
        return full || thrown instanceof FileSystemException ? Cause.RESOURCE : Cause.TRANSIENT;
    }

    private static String message(Throwable thrown, Cause cause) {
        if (has(thrown, OutOfMemoryError.class)) {
            return "Memory ran out (%s). Maybe a smaller batch_size, or more memory for the process (-Xmx)."
                    .formatted(thrown);
        }
        return switch (cause) {
            case INFRA ->
                interrupted(thrown)
                        ? "The worker was told to stop in the middle of its work: " + thrown
                        : thrown instanceof CellFailure ? thrown.getMessage() : "The worker could not go on: " + thrown;
            case OURS -> "A bug of Fewtune: " + thrown;
            case YOURS, RESOURCE, TRANSIENT -> thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        };
    }
}
