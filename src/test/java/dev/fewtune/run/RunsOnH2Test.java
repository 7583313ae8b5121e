package dev.fewtune.run;

import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
class RunsOnH2Test extends RunsContract {}
