package dev.fewtune.run;

import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
class RecoveryOnH2Test extends RecoveryContract {}
