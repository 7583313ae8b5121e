package dev.fewtune.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.run.RunState;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Workflow;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;

/** Runs and their verbs. */
@Path("/api/runs")
@Produces(MediaType.APPLICATION_JSON)
public class RunsApi {
    private final Runs runs;
    private final Intake intake;
    private final Workflows workflows;
    private final ObjectMapper json;

    RunsApi(Runs runs, Intake intake, Workflows workflows, ObjectMapper json) {
        this.runs = runs;
        this.intake = intake;
        this.workflows = workflows;
        this.json = json;
    }

    /** The number of a run that was made. */
    public record Made(long id) {}

    /** How many cells a verb has moved. */
    public record Moved(int cells) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response submit(@HeaderParam("Idempotency-Key") String key, String body) {
        RunRequest request = request(body);
        if (request.workflow() == null) {
            throw Refused.badRequest(
                    "The body has no workflow. Send {\"workflow\": \"…YAML or a name…\", \"inputs\": {}}.");
        }
        String yaml = workflows.resolve(request.workflow());
        Workflow workflow = intake.workflow("workflow", yaml, request.folder());
        return made(intake.plan(workflow, request.inputs()), yaml, key);
    }

    @POST
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    public Response submitYaml(@HeaderParam("Idempotency-Key") String key, String yaml) {
        return made(intake.plan(intake.workflow("workflow", yaml, null), Map.of()), yaml, key);
    }

    @GET
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
    public RunView run(@PathParam("id") long id) {
        return runs.run(id);
    }

    @GET
    @Path("/{id}/plan")
    public Plan plan(@PathParam("id") long id) {
        return runs.plan(id);
    }

    @GET
    @Path("/{id}/workflow")
    @Produces("application/yaml")
    public String yaml(@PathParam("id") long id) {
        return runs.yaml(id);
    }

    @POST
    @Path("/{id}/cancel")
    public RunView cancel(@PathParam("id") long id) {
        runs.cancel(id, "api");
        return runs.run(id);
    }

    @POST
    @Path("/{id}/retry")
    public Moved retry(@PathParam("id") long id) {
        return new Moved(runs.retryFailed(id, "api"));
    }

    private Response made(Planning planning, String yaml, String key) {
        Intake.require(planning.problems());
        long id = runs.submit(planning.plan(), yaml, "api", key);
        return Response.created(URI.create("/api/runs/" + id))
                .entity(new Made(id))
                .build();
    }

    private RunRequest request(String body) {
        try {
            RunRequest request = json.readValue(body == null ? "" : body, RunRequest.class);
            if (request == null) {
                throw Refused.badRequest("The body is empty.");
            }
            return request;
        } catch (JsonProcessingException broken) {
            throw Refused.badRequest("The body is not the JSON that is expected: " + broken.getMessage());
        }
    }
}
