package dev.fewtune.benchmark;

import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
class DispatchLatencyOnH2 extends DispatchLatency {}
