package dev.fewtune.queue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Lets JobRunr write inside our transactions: while one is active, its commits do nothing and its rollback marks ours.
 * So an enqueued job and the row that asked for it are written together or not at all.
 */
final class JtaDataSource {
    private JtaDataSource() {}

    static DataSource over(DataSource source) {
        return (DataSource) Proxy.newProxyInstance(
                JtaDataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(source, arguments);
                        return result instanceof Connection connection && QuarkusTransaction.isActive()
                                ? joined(connection)
                                : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static Connection joined(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                JtaDataSource.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "commit", "setAutoCommit" -> {
                            return null;
                        }
                        case "rollback" -> {
                            QuarkusTransaction.setRollbackOnly();
                            return null;
                        }
                        case "getAutoCommit" -> {
                            return false;
                        }
                        default -> {
                            return invoke(connection, method, arguments);
                        }
                    }
                });
    }

    private static Object invoke(Connection connection, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() instanceof SQLException sql ? sql : thrown.getCause();
        }
    }
}
