package dev.fewtune.run;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;

@Tag("server")
@QuarkusTest
class LibraryOnH2Test extends LibraryContract {}
