package dev.fewtune.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What attempts have written into the database of a home folder that no process has open. */
final class Logs {
    private Logs() {}

    /** The log of each attempt of the training of run 1, oldest first. */
    static List<String> ofTraining(Path home) throws SQLException {
        List<String> logs = new ArrayList<>();
        String url = "jdbc:h2:file:%s/fewtune;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
                .formatted(home.toAbsolutePath());
        try (Connection connection = DriverManager.getConnection(url, "sa", "sa");
                Statement statement = connection.createStatement();
                ResultSet attempts = statement.executeQuery("""
                        select a.attempt, listagg(l.body, '') within group (order by l.first_line)
                        from attempts a join cells c on c.id = a.cell_id
                        left join log_chunks l on l.cell_id = a.cell_id and l.attempt = a.attempt
                        where c.run_id = 1 and c.kind = 'fine-tune' and not c.control
                        group by a.attempt order by a.attempt
                        """)) {
            while (attempts.next()) {
                logs.add(String.valueOf(attempts.getString(2)));
            }
        }
        return logs;
    }
}
