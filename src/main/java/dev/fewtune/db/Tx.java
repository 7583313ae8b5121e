package dev.fewtune.db;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.util.function.Supplier;

/** Short transactions; one that lost a deadlock or a race for a lock is tried again. */
public final class Tx {
    private static final int TRIES = 6;

    private Tx() {}

    /** Runs in a transaction of its own. */
    public static <T> T call(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return QuarkusTransaction.requiringNew().call(work::get);
            } catch (RuntimeException failed) {
                if (attempt == TRIES || !lostARace(failed)) {
                    throw failed;
                }
                pause(attempt);
            }
        }
    }

    public static void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }

    /**
     * Whether the same work may succeed later: the database was away or busy. What it refuses for its content never
     * passes.
     */
    public static boolean mayPass(Throwable thrown) {
        boolean ofDatabase = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = String.valueOf(sql.getSQLState());
                // 22 wrong data, 23 a constraint, 42 wrong SQL.
                if (state.startsWith("22") || state.startsWith("23") || state.startsWith("42")) {
                    return false;
                }
                ofDatabase = true;
            }
            ofDatabase |= cause instanceof RollbackException || cause instanceof SystemException;
        }
        return ofDatabase;
    }

    private static boolean lostARace(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = String.valueOf(sql.getSQLState());
                // 40001 deadlock and serialization, 41000 lock timeout of MySQL, HYT00 and 90131 of H2.
                if (state.startsWith("40") || state.equals("41000") || state.equals("HYT00") || state.equals("90131")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(10L * attempt * attempt);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
