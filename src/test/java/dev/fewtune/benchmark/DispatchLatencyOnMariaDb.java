package dev.fewtune.benchmark;

import dev.fewtune.testing.OnMariaDb;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Tag;

@Tag("server")
@QuarkusTest
@TestProfile(OnMariaDb.class)
class DispatchLatencyOnMariaDb extends DispatchLatency {}
