package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.db.MariaDbServer;
import dev.fewtune.testing.OnMariaDb;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("server")
@QuarkusTest
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = MariaDbServer.ELSEWHERE)
@TestProfile(OnMariaDb.class)
class RunsOnMariaDbTest extends RunsContract {
    @Inject
    DataSource source;

    @Test
    void talksToARealServer() throws SQLException {
        try (Connection connection = source.getConnection()) {
            assertThat(connection.getMetaData().getDatabaseProductVersion()).contains("MariaDB");
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
        }
    }
}
