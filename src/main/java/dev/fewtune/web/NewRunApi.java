package dev.fewtune.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.run.Runs;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Workflow;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Starts runs. */
@Path("/api/runs")
@Produces(MediaType.APPLICATION_JSON)
public class NewRunApi {
    private static final int MOST_KEY = 200;
    private final Runs runs;
    private final Intake intake;
    private final Workflows workflows;
    private final ObjectMapper json;

    NewRunApi(Runs runs, Intake intake, Workflows workflows, ObjectMapper json) {
        this.runs = runs;
        this.intake = intake;
        this.workflows = workflows;
        this.json = json;
    }

    /** The number of a run that was made. */
    public record Made(long id) {}

    /** @param key such as a UUID; the same call with the same key, sent again, makes no second run */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Start a run",
            description = "With a workflow as YAML, or as a JSON object that names one or holds one, and inputs.")
    @RequestBody(content = @Content(schema = @Schema(implementation = RunRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The number of the run",
            content = @Content(schema = @Schema(implementation = Made.class)))
    @APIResponse(responseCode = "400", description = "The body is no such object, or the key is too long")
    @APIResponse(responseCode = "409", description = "The Idempotency-Key belongs to another request")
    @APIResponse(
            responseCode = "422",
            description = "The workflow has problems",
            content = @Content(mediaType = Refusal.MEDIA_TYPE, schema = @Schema(implementation = Refusal.class)))
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
    @APIResponse(
            responseCode = "201",
            description = "The number of the run",
            content = @Content(schema = @Schema(implementation = Made.class)))
    public Response submitYaml(@HeaderParam("Idempotency-Key") String key, String yaml) {
        return made(intake.plan(intake.workflow("workflow", yaml, null), Map.of()), yaml, key);
    }

    private Response made(Planning planning, String yaml, String key) {
        Intake.require(planning.problems());
        if (key != null && key.length() > MOST_KEY) {
            throw Refused.badRequest("The Idempotency-Key has %d characters; it must have at most %d."
                    .formatted(key.length(), MOST_KEY));
        }
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
