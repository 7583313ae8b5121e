package dev.fewtune.web;

import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The list of runs, newest first. */
@Path("/runs")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class RunsPage {
    private static final int RUNS = 25;
    private final Runs runs;

    RunsPage(Runs runs) {
        this.runs = runs;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance list(Listing<RunView> runs, String state, List<RunState> states);
    }

    @GET
    public TemplateInstance list(@QueryParam("state") String state, @QueryParam("after") Long after) {
        RunState wanted = Words.of(RunState.class, "state", state);
        Listing<RunView> page = Listing.of(runs.list(wanted, null, after, RUNS + 1), RUNS, RunView::id);
        return Templates.list(page, wanted == null ? "" : wanted.name(), List.of(RunState.values()));
    }
}
