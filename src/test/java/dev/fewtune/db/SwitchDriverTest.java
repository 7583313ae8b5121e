package dev.fewtune.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SwitchDriverTest {
    private final SwitchDriver driver = new SwitchDriver();

    @Test
    void opensH2ByItsUrl() throws SQLException {
        try (Connection connection = driver.connect("jdbc:h2:mem:switch", new Properties())) {
            assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("H2");
        }
    }

    @Test
    void acceptsTheUrlsOfItsTwoDatabasesOnly() throws SQLException {
        assertThat(driver.acceptsURL("jdbc:h2:mem:x")).isTrue();
        assertThat(driver.acceptsURL("jdbc:mysql://somewhere/x")).isTrue();
        assertThat(driver.acceptsURL("jdbc:postgresql://somewhere/x")).isFalse();
    }

    @Test
    void saysWhatAWrongUrlMustBeginWithAndKeepsItsPasswordToItself() {
        assertThatThrownBy(() -> driver.connect("jdbc:postgresql://somewhere/x?password=secret", new Properties()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("jdbc:postgresql://somewhere/x")
                .hasMessageContaining("jdbc:h2: or jdbc:mysql:")
                .hasMessageNotContaining("secret");
    }
}
