package dev.fewtune.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** On a server whose zone is +05:00, from a machine whose zone is Tokyo's. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = MariaDbServer.ELSEWHERE)
class SwitchDriverOnMariaDbTest {
    private static final Instant EXACT = Instant.parse("2026-02-03T04:05:06.123457Z");
    private static final MariaDbServer SERVER = new MariaDbServer();
    private static final TimeZone ZONE = TimeZone.getDefault();
    private static Map<String, String> settings;

    @BeforeAll
    static void start() {
        settings = SERVER.start();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
    }

    @AfterAll
    static void stop() {
        TimeZone.setDefault(ZONE);
        SERVER.stop();
    }

    @Test
    void speaksUtcWhateverTheZonesOfMachineAndServer() throws SQLException {
        try (Connection connection = connect("")) {
            assertThat(zone(connection)).isEqualTo("+00:00");
            assertThat(written(connection)).startsWith("2026-02-03 04:05:06");
        }
    }

    @Test
    void leavesTheZoneToAUrlThatNamesOne() throws SQLException {
        for (String name : new String[] {"connectionTimeZone", "serverTimezone"}) {
            try (Connection connection = connect("?" + name + "=Asia/Tokyo")) {
                assertThat(zone(connection)).isEqualTo("+05:00");
                assertThat(written(connection)).startsWith("2026-02-03 13:05:06");
            }
        }
    }

    @Test
    void keepsMicrosecondsThoughMariaDbCallsItselfAnOldMySql() throws SQLException {
        try (Connection connection = connect("")) {
            assertThat(connection.getMetaData().getDatabaseProductVersion()).startsWith("5.5.5-10");
            assertThat(written(connection)).endsWith(".123457");
        }
    }

    private static String written(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create temporary table instants (at datetime(6))");
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into instants values (?)")) {
            insert.setTimestamp(1, Timestamp.from(EXACT));
            insert.execute();
        }
        return text(connection, "select cast(at as char) from instants");
    }

    private static String zone(Connection connection) throws SQLException {
        return text(connection, "select @@session.time_zone");
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(String query) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", settings.get("DB_USER"));
        login.setProperty("password", settings.get("DB_PASSWORD"));
        return new SwitchDriver().connect(settings.get("DB_URL") + query, login);
    }
}
