package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    @Test
    void blamesTheWorkerNotTheDiskForAFileThatAnInterruptClosed() {
        Ending.Outcome outcome = Diagnosis.of(new CellFailure(
                Cause.RESOURCE, "state.safetensors could not be written: null", new ClosedByInterruptException()));
        assertThat(outcome.cause()).isEqualTo(Cause.INFRA);
        assertThat(outcome.message()).contains("told to stop");
    }

    @Test
    void blamesTheDiskForAFileThatItRefused() {
        Ending.Outcome outcome = Diagnosis.of(new CellFailure(
                Cause.RESOURCE, "it could not be written: no space", new FileSystemException("state.safetensors")));
        assertThat(outcome.cause()).isEqualTo(Cause.RESOURCE);
        assertThat(outcome.message()).isEqualTo("it could not be written: no space");
    }
}
