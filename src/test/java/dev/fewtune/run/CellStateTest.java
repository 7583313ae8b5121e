package dev.fewtune.run;

import static dev.fewtune.run.CellState.CACHED;
import static dev.fewtune.run.CellState.CANCELLED;
import static dev.fewtune.run.CellState.FAILED;
import static dev.fewtune.run.CellState.READY;
import static dev.fewtune.run.CellState.RUNNING;
import static dev.fewtune.run.CellState.SKIPPED;
import static dev.fewtune.run.CellState.SUCCEEDED;
import static dev.fewtune.run.CellState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CellStateTest {
    private static final Map<CellState, Set<CellState>> MOVES = Map.of(
            WAITING, Set.of(READY, SKIPPED, CANCELLED, CACHED),
            READY, Set.of(RUNNING, CANCELLED, SKIPPED, CACHED, WAITING),
            RUNNING, Set.of(SUCCEEDED, FAILED, CANCELLED, READY, WAITING),
            SUCCEEDED, Set.of(WAITING),
            FAILED, Set.of(WAITING),
            CANCELLED, Set.of(WAITING),
            SKIPPED, Set.of(WAITING),
            CACHED, Set.of(WAITING));

    @Test
    void allowsTheMovesOfTheTableAndNoOthers() {
        for (CellState from : CellState.values()) {
            assertThat(Stream.of(CellState.values()).filter(from::mayBecome).collect(Collectors.toSet()))
                    .as("moves from %s", from)
                    .isEqualTo(MOVES.get(from));
        }
    }

    @Test
    void leavesAnEndedCellOnlyToAVerb() {
        assertThat(CellState.values())
                .filteredOn(CellState::ended)
                .containsExactly(SUCCEEDED, FAILED, CANCELLED, SKIPPED, CACHED)
                .allSatisfy(state -> assertThat(MOVES.get(state)).containsExactly(WAITING));
    }

    @Test
    void letsOthersUseOnlyWhatSucceededOrWasCached() {
        assertThat(CellState.values()).filteredOn(CellState::usable).containsExactly(SUCCEEDED, CACHED);
    }
}
