package dev.fewtune.db;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;

/**
 * One JDBC driver for H2 and MySQL: the URL alone decides, so that one jar serves both. Instants go to MySQL and MariaDB
 * in UTC, unless the URL names a {@code connectionTimeZone}, and to the microsecond.
 */
public final class SwitchDriver implements Driver {
    private final List<Driver> drivers = List.of(new org.h2.Driver(), mysql());

    private static Driver mysql() {
        try {
            return new MySqlDriver();
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public Connection connect(String url, Properties properties) throws SQLException {
        for (Driver driver : drivers) {
            if (driver.acceptsURL(url)) {
                return driver.connect(url, properties);
            }
        }
        throw new SQLException(
                "DB_URL (%s) must begin with jdbc:h2: or jdbc:mysql:.".formatted(url.replaceAll("\\?.*", "")));
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        for (Driver driver : drivers) {
            if (driver.acceptsURL(url)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }
}
