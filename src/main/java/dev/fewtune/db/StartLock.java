package dev.fewtune.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Lets one process after the other do what must not be done twice at once, such as creating tables on an empty database.
 * The built-in database has one process only and needs no lock.
 */
public final class StartLock {
    private static final String NAME = "'fewtune.start'";
    private static final int PATIENCE_SECONDS = 120;

    private StartLock() {}

    /** @throws IllegalStateException where the others take longer than two minutes, or the database is away */
    public static <T> T hold(DataSource source, Supplier<T> work) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            if (connection.getMetaData().getURL().startsWith("jdbc:h2:")) {
                return work.get();
            }
            if (ask(statement, "select get_lock(%s, %s)".formatted(NAME, PATIENCE_SECONDS)) != 1) {
                throw new IllegalStateException(
                        "Another process has prepared the database for more than %s seconds. Maybe it hangs; look at its log, then start again."
                                .formatted(PATIENCE_SECONDS));
            }
            try {
                return work.get();
            } finally {
                ask(statement, "select release_lock(%s)".formatted(NAME));
            }
        } catch (SQLException away) {
            throw new IllegalStateException("The database cannot be prepared: " + away.getMessage(), away);
        }
    }

    private static int ask(Statement statement, String question) throws SQLException {
        try (ResultSet answer = statement.executeQuery(question)) {
            return answer.next() ? answer.getInt(1) : 0;
        }
    }
}
