package dev.fewtune.run;

import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
class VerbsOnH2Test extends VerbsContract {}
