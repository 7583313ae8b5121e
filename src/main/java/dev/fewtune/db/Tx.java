package dev.fewtune.db;

import io.quarkus.narayana.jta.QuarkusTransaction;
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
