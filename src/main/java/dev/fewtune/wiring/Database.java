package dev.fewtune.wiring;

import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.MySQLExceptionSorter;
import io.quarkus.agroal.runtime.AgroalConnectionConfigurer;
import io.quarkus.agroal.runtime.JdbcDriver;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;

/** Lets the pool drop connections that a database outage has killed. */
@Singleton
@Unremovable
@JdbcDriver("mysql")
public class Database implements AgroalConnectionConfigurer {
    @Override
    public void disableSslSupport(
            String databaseKind,
            AgroalDataSourceConfigurationSupplier configuration,
            java.util.Map<String, String> properties) {
        // Encryption is said in DB_URL.
    }

    @Override
    public void setExceptionSorter(String databaseKind, AgroalDataSourceConfigurationSupplier configuration) {
        configuration.connectionPoolConfiguration().exceptionSorter(new MySQLExceptionSorter());
    }
}
