package dev.fewtune.web;

import dev.fewtune.spec.Catalog;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Problem;
import dev.fewtune.workflow.Reading;
import dev.fewtune.workflow.SchemaWriter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/** The library of workflows, their check, and what they may name. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class WorkflowsApi {
    private final Intake intake;
    private final Workflows workflows;
    private final Catalog catalog;

    WorkflowsApi(Intake intake, Workflows workflows, Catalog catalog) {
        this.intake = intake;
        this.workflows = workflows;
        this.catalog = catalog;
    }

    /** @param plan absent where there are problems, or where an input has no default */
    public record Checked(boolean valid, List<Problem> problems, Plan plan) {}

    @POST
    @Path("/api/workflows/validate")
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
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
    @Path("/api/workflows")
    public List<Workflows.Named> all() {
        return workflows.all();
    }

    @GET
    @Path("/api/workflows/{name}")
    public Workflows.Named find(@PathParam("name") String name) {
        return workflows
                .find(name)
                .orElseThrow(() -> Refused.notFound("There is no workflow %s. Maybe one of %s."
                        .formatted(
                                name,
                                workflows.all().stream()
                                        .map(Workflows.Named::name)
                                        .toList())));
    }

    @PUT
    @Path("/api/workflows/{name}")
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    public Workflows.Named put(@PathParam("name") String name, String yaml) {
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw Refused.unprocessable(
                    "The name (%s) must consist of letters, digits, '.', '_' and '-'.".formatted(name));
        }
        Intake.require(intake.read(name, yaml, null).problems());
        return workflows.put(name, yaml);
    }

    @GET
    @Path("/api/methods")
    public Object methods() {
        return catalog.methods();
    }

    @GET
    @Path("/api/backbones")
    public Object backbones() {
        return catalog.backbones();
    }

    @GET
    @Path("/api/tasks")
    public Object tasks() {
        return catalog.tasks();
    }

    @GET
    @Path("/schema/workflow.json")
    public Response schema() {
        return Response.ok(SchemaWriter.write(catalog), "application/schema+json")
                .header("Access-Control-Allow-Origin", "*")
                .build();
    }
}
