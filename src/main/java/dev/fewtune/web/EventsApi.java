package dev.fewtune.web;

import dev.fewtune.run.CellView;
import dev.fewtune.run.Pulse;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** A run as server-sent events. */
@Path("/api/runs/{id}/events")
@Blocking
public class EventsApi {
    private static final int PAGE = 1000;
    private final Runs runs;
    private final Live live;

    EventsApi(Runs runs, Live live) {
        this.runs = runs;
        this.live = live;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "A run while it goes on",
            description = "Events: run (the run with its counts), cell-N (the cell with ordinal N), end."
                    + " The first ones tell everything, the later ones what has changed.")
    @APIResponse(responseCode = "200", description = "A stream that closes after end")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public Multi<OutboundSseEvent> events(@PathParam("id") long id, @Context Sse sse) {
        runs.run(id);
        return live.watch(id, sse, MediaType.APPLICATION_JSON_TYPE, new Look(id));
    }

    /** What one listener has been told of. */
    private final class Look implements Supplier<Live.Frame> {
        private final long id;
        private final Map<Integer, Pulse.Beat> told = new HashMap<>();

        Look(long id) {
            this.id = id;
        }

        /** The run is read before its cells: where it has ended, so have they. */
        @Override
        public Live.Frame get() {
            RunView run = runs.run(id);
            List<Live.Part> parts = new ArrayList<>();
            parts.add(new Live.Part("run", run, () -> run));
            List<Integer> changed = Pulse.of(id).stream()
                    .filter(beat -> !beat.equals(told.put(beat.ordinal(), beat)))
                    .map(Pulse.Beat::ordinal)
                    .toList();
            cells(changed).forEach(cell -> parts.add(new Live.Part("cell-" + cell.ordinal(), cell, () -> cell)));
            return new Live.Frame(parts, run.state().ended());
        }

        /** @param ordinals ascending */
        private List<CellView> cells(List<Integer> ordinals) {
            List<CellView> cells = new ArrayList<>();
            int next = 0;
            while (next < ordinals.size()) {
                int first = ordinals.get(next);
                for (CellView cell : runs.cells(id, null, null, null, first - 1, span(first, ordinals))) {
                    if (next < ordinals.size() && cell.ordinal() == ordinals.get(next)) {
                        cells.add(cell);
                        next++;
                    }
                }
            }
            return cells;
        }

        private static int span(int first, List<Integer> ordinals) {
            return Math.min(PAGE, ordinals.get(ordinals.size() - 1) - first + 1);
        }
    }
}
