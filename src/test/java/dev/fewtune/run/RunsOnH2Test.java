package dev.fewtune.run;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;

@Tag("server")
@QuarkusTest
class RunsOnH2Test extends RunsContract {}
