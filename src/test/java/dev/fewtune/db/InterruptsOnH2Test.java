package dev.fewtune.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's thread is interrupted when its server stops, and a transaction's when its time is over. */
class InterruptsOnH2Test {
    private static final Pattern DEFAULT_URL =
            Pattern.compile("(jdbc:h2:)(\\w+:)\\$\\{fewtune\\.home}/fewtune([^}]*)}");

    @TempDir
    Path home;

    @Test
    void anInterruptInTheMiddleOfAWriteCostsNoOtherConnection() throws Exception {
        String url = url();
        try (Connection other = DriverManager.getConnection(url)) {
            other.createStatement()
                    .execute("create table texts (id bigint auto_increment primary key, body varchar(9999))");
            Random moments = new Random(1);
            for (int i = 0; i < 12; i++) {
                Thread writer = new Thread(() -> write(url));
                writer.start();
                Thread.sleep(moments.nextInt(30));
                writer.interrupt();
                writer.join();
            }
            ResultSet count = other.createStatement().executeQuery("select count(*) from texts");
            assertThat(count.next()).isTrue();
            assertThat(count.getLong(1)).isEqualTo(12 * 1000);
        }
    }

    private static void write(String url) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert = connection.prepareStatement("insert into texts (body) values (?)")) {
            for (int i = 0; i < 1000; i++) {
                insert.setString(1, "y".repeat(3000));
                insert.executeUpdate();
            }
        } catch (java.sql.SQLException lost) {
            throw new IllegalStateException(lost);
        }
    }

    /** The program's own default, in a folder of this test. */
    private String url() throws Exception {
        try (InputStream settings = getClass().getResourceAsStream("/application.yaml")) {
            Matcher found = DEFAULT_URL.matcher(new String(settings.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(found.find()).isTrue();
            return found.group(1) + found.group(2) + home.resolve("fewtune") + found.group(3);
        }
    }
}
