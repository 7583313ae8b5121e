package dev.fewtune.benchmark;

import dev.fewtune.db.MariaDbServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("server")
@QuarkusTest
@TestProfile(DispatchLatencyOnMariaDb.Profile.class)
class DispatchLatencyOnMariaDb extends DispatchLatency {
    /**
     * MariaDB 10 calls itself 5.5.5-10, and MySQL's driver then cuts instants to whole seconds; with this name it does
     * not.
     */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("fewtune.home", "target/test-home-benchmark");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(MariaDbServer.class, Map.of("version", "5.7.19-MariaDB")));
        }
    }
}
