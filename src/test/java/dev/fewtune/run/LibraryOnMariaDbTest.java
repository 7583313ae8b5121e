package dev.fewtune.run;

import dev.fewtune.db.MariaDbServer;
import dev.fewtune.testing.OnMariaDb;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("server")
@QuarkusTest
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = MariaDbServer.ELSEWHERE)
@TestProfile(OnMariaDb.class)
class LibraryOnMariaDbTest extends LibraryContract {}
