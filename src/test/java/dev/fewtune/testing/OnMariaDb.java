package dev.fewtune.testing;

import dev.fewtune.db.MariaDbServer;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A home folder of its own and a real server. */
public final class OnMariaDb implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("fewtune.home", "target/test-home-mariadb");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(MariaDbServer.class));
    }
}
