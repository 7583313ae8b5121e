package dev.fewtune.benchmark;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;

@Tag("server")
@QuarkusTest
class DispatchLatencyOnH2 extends DispatchLatency {}
