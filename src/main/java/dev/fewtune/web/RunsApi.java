package dev.fewtune.web;

import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import dev.fewtune.workflow.Plan;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Runs and their verbs. */
@Path("/api/runs")
@Produces(MediaType.APPLICATION_JSON)
public class RunsApi {
    private final Runs runs;

    RunsApi(Runs runs) {
        this.runs = runs;
    }

    /** How many cells a verb has moved. */
    public record Moved(int cells) {}

    @GET
    @Operation(summary = "Runs, newest first")
    @APIResponse(responseCode = "200", description = "A page of runs")
    @APIResponse(responseCode = "400", description = "A query parameter cannot be read")
    public Listing<RunView> list(
            @QueryParam("state") String state,
            @QueryParam("workflow") String workflow,
            @QueryParam("after") Long after,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return Listing.of(
                runs.list(Words.of(RunState.class, "state", state), workflow, after, Listing.checked(limit) + 1),
                limit,
                RunView::id);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One run")
    @APIResponse(responseCode = "200", description = "The run with its counts per step")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public RunView run(@PathParam("id") long id) {
        return runs.run(id);
    }

    @GET
    @Path("/{id}/plan")
    @Operation(summary = "The expanded plan of a run")
    @APIResponse(responseCode = "200", description = "The cells and what they need")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public Plan plan(@PathParam("id") long id) {
        return runs.plan(id);
    }

    @GET
    @Path("/{id}/workflow")
    @Produces("application/yaml")
    @Operation(summary = "The workflow of a run")
    @APIResponse(responseCode = "200", description = "The YAML as it came")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public String yaml(@PathParam("id") long id) {
        return runs.yaml(id);
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(summary = "Cancel all that has not ended")
    @APIResponse(responseCode = "200", description = "The run")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public RunView cancel(@PathParam("id") long id) {
        runs.cancel(id, "api");
        return runs.run(id);
    }

    @POST
    @Path("/{id}/retry")
    @Operation(summary = "Retry what failed")
    @APIResponse(responseCode = "200", description = "How many cells start again")
    @APIResponse(responseCode = "404", description = "There is no such run")
    @APIResponse(responseCode = "409", description = "The verb does not fit the state")
    public Moved retry(@PathParam("id") long id) {
        return new Moved(runs.retryFailed(id, "api"));
    }
}
