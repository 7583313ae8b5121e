package dev.fewtune.run;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;

@Tag("server")
@QuarkusTest
class RetentionOnH2Test extends RetentionContract {}
