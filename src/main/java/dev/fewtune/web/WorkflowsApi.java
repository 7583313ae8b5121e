package dev.fewtune.web;

import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Problem;
import dev.fewtune.workflow.Reading;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The library of workflows, and their check. */
@Path("/api/workflows")
@Produces(MediaType.APPLICATION_JSON)
public class WorkflowsApi {
    private final Intake intake;
    private final Workflows workflows;

    WorkflowsApi(Intake intake, Workflows workflows) {
        this.intake = intake;
        this.workflows = workflows;
    }

    /** @param plan absent where there are problems, or where an input has no default */
    public record Checked(boolean valid, List<Problem> problems, Plan plan) {}

    @POST
    @Path("/validate")
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    @Operation(summary = "Check a workflow without running it")
    @APIResponse(responseCode = "200", description = "Its problems, or its plan")
    public Checked validate(String yaml) {
        Reading reading = intake.read("workflow", yaml, null);
        if (!reading.problems().isEmpty()) {
            return new Checked(false, reading.problems(), null);
        }
        if (reading.workflow().inputs().stream().anyMatch(input -> input.fallback() == null)) {
            return new Checked(true, List.of(), null);
        }
        Planning planning = intake.plan(reading.workflow(), Map.of());
        return new Checked(planning.problems().isEmpty(), planning.problems(), planning.plan());
    }

    @GET
    @Operation(summary = "Workflows by name")
    @APIResponse(responseCode = "200", description = "The newest version of each")
    public List<Workflows.Named> all() {
        return workflows.all();
    }

    @GET
    @Path("/{name}")
    @Operation(summary = "A workflow")
    @APIResponse(responseCode = "200", description = "The newest version, or the one that was asked for")
    @APIResponse(responseCode = "404", description = "There is no such workflow or version")
    public Workflows.Named find(@PathParam("name") String name, @QueryParam("version") Integer version) {
        return workflows.find(name, version).orElseThrow(() -> unknown(name, version));
    }

    @PUT
    @Path("/{name}")
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    @Operation(summary = "Keep a workflow")
    @APIResponse(responseCode = "200", description = "The version that was added")
    @APIResponse(responseCode = "422", description = "The workflow has problems")
    public Workflows.Named put(@PathParam("name") String name, String yaml) {
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw Refused.unprocessable(
                    "The name (%s) must consist of letters, digits, '.', '_' and '-'.".formatted(name));
        }
        Intake.require(intake.read(name, yaml, null).problems());
        return workflows.put(name, yaml);
    }

    private Refused unknown(String name, Integer version) {
        return Refused.notFound(workflows
                .find(name)
                .map(newest -> "The workflow %s has no version %d; its newest is %d."
                        .formatted(name, version, newest.version()))
                .orElseGet(() -> "There is no workflow %s. Maybe one of %s."
                        .formatted(
                                name,
                                workflows.all().stream()
                                        .map(Workflows.Named::name)
                                        .toList())));
    }
}
