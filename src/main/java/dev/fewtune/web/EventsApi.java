package dev.fewtune.web;

import dev.fewtune.run.CellView;
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
import java.util.LinkedHashMap;
import java.util.Map;

/** A run as server-sent events: {@code run} with its counts, {@code cell-N} with a running cell, {@code end}. */
@Path("/api/runs/{id}/events")
@Blocking
public class EventsApi {
    private static final int MOST_CELLS = 200;
    private final Runs runs;

    EventsApi(Runs runs) {
        this.runs = runs;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(@PathParam("id") long id, @Context Sse sse) {
        runs.run(id);
        return Live.watch(sse, MediaType.APPLICATION_JSON_TYPE, () -> frame(id));
    }

    private Live.Frame frame(long id) {
        RunView run = runs.run(id);
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("run", run);
        for (CellView cell : runs.cells(id, null, dev.fewtune.run.CellState.RUNNING, null, null, MOST_CELLS)) {
            parts.put("cell-" + cell.ordinal(), cell);
        }
        return new Live.Frame(parts, run.state().ended());
    }
}
