package dev.fewtune.db;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.a.NativeCapabilities;
import com.mysql.cj.protocol.a.NativePacketPayload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** MySQL's driver, with instants that depend neither on time zones nor on what the server calls itself. */
final class MySqlDriver extends com.mysql.cj.jdbc.Driver {
    private static final String ZONE = "connectionTimeZone";
    /** What a URL may call the zone; the second is the older name. */
    private static final List<String> ZONES = List.of(ZONE, "serverTimezone");

    MySqlDriver() throws SQLException {}

    @Override
    public Connection connect(String url, Properties given) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(given);
        if (ZONES.stream().noneMatch(zone -> names(url, given, zone))) {
            properties.setProperty(ZONE, "UTC");
            properties.setProperty("forceConnectionTimeZoneToSession", "true");
        }
        Connection connection = super.connect(url, properties);
        if (connection instanceof JdbcConnection mySql
                && connection.getMetaData().getDatabaseProductVersion().contains("MariaDB")) {
            keepFractions(mySql.getSession().getServerSession());
        }
        return connection;
    }

    private static boolean names(String url, Properties given, String property) {
        return url.toLowerCase(Locale.ROOT).contains(property.toLowerCase(Locale.ROOT) + "=")
                || given.stringPropertyNames().stream().anyMatch(property::equalsIgnoreCase);
    }

    /**
     * MariaDB 10 calls itself 5.5.5-10, for the sake of old replicas. The driver takes it for a MySQL that knows whole
     * seconds only, and cuts off the rest.
     */
    private static void keepFractions(ServerSession session) {
        if (session.getCapabilities() instanceof NativeCapabilities known && !known.serverSupportsFracSecs()) {
            NativePacketPayload greeting = known.getInitialHandshakePacket();
            greeting.setPosition(0);
            session.setCapabilities(new Fractional(greeting, known));
        }
    }

    /** What the server can do, read again from its greeting, and fractions of seconds. */
    private static final class Fractional extends NativeCapabilities {
        Fractional(NativePacketPayload greeting, NativeCapabilities known) {
            super(greeting);
            setCapabilityFlags(known.getCapabilityFlags());
            setThreadId(known.getThreadId());
        }

        @Override
        public boolean serverSupportsFracSecs() {
            return true;
        }
    }
}
