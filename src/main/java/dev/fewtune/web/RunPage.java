package dev.fewtune.web;

import dev.fewtune.run.CellState;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.ArrayList;
import java.util.List;

/** A run with its steps and cells. */
@Path("/runs/{id}")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class RunPage {
    private static final int CELLS = 100;
    private final Runs runs;
    private final Live live;
    private final Csrf csrf;

    RunPage(Runs runs, Live live, Csrf csrf) {
        this.runs = runs;
        this.live = live;
        this.csrf = csrf;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance run(
                RunView run,
                Listing<CellView> cells,
                CellFilter filter,
                List<CellState> states,
                List<Runs.Act> acts,
                String csrf);

        static native TemplateInstance head(RunView run, String csrf);

        static native TemplateInstance meta(RunView run);

        static native TemplateInstance step(RunView run, RunView.StepView step);

        static native TemplateInstance cells(RunView run, Listing<CellView> cells, CellFilter filter, String csrf);

        static native TemplateInstance row(CellView cell, String csrf);
    }

    @GET
    public TemplateInstance run(
            @PathParam("id") long id,
            @QueryParam("step") String step,
            @QueryParam("state") String state,
            @QueryParam("after") Integer after) {
        CellFilter filter = new CellFilter(step, state, after);
        return Templates.run(
                runs.run(id), page(id, filter), filter, List.of(CellState.values()), runs.acts(id), csrf.token());
    }

    @GET
    @Path("/live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> live(
            @PathParam("id") long id,
            @QueryParam("step") String step,
            @QueryParam("state") String state,
            @QueryParam("after") Integer after,
            @Context Sse sse) {
        CellFilter filter = new CellFilter(step, state, after);
        String token = csrf.token();
        runs.run(id);
        return live.watch(id, sse, MediaType.TEXT_HTML_TYPE, () -> frame(id, filter, token));
    }

    private Live.Frame frame(long id, CellFilter filter, String token) {
        RunView run = runs.run(id);
        Listing<CellView> cells = page(id, filter);
        List<Live.Part> parts = new ArrayList<>();
        parts.add(Live.Part.of("head", Templates.head(run, token).render()));
        parts.add(Live.Part.of("meta", Templates.meta(run).render()));
        for (int i = 0; i < run.steps().size(); i++) {
            RunView.StepView step = run.steps().get(i);
            parts.add(new Live.Part(
                    "step-" + i, step, () -> Templates.step(run, step).render()));
        }
        parts.add(new Live.Part(
                "cells",
                cells.items().stream().map(CellView::ordinal).toList(),
                () -> Templates.cells(run, cells, filter, token).render()));
        for (CellView cell : cells.items()) {
            parts.add(new Live.Part(
                    "cell-" + cell.ordinal(),
                    List.of(cell, Show.took(cell)),
                    () -> Templates.row(cell, token).render(),
                    "cells"));
        }
        return new Live.Frame(parts, run.state().ended());
    }

    private Listing<CellView> page(long id, CellFilter filter) {
        CellState state = Words.of(CellState.class, "state", filter.state());
        return Listing.of(runs.cells(id, filter.step(), state, null, filter.after(), CELLS + 1), CELLS, cell ->
                (long) cell.ordinal());
    }
}
