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
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

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
    public List<Workflows.Named> all() {
        return workflows.all();
    }

    @GET
    @Path("/{name}")
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
    @Path("/{name}")
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    public Workflows.Named put(@PathParam("name") String name, String yaml) {
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw Refused.unprocessable(
                    "The name (%s) must consist of letters, digits, '.', '_' and '-'.".formatted(name));
        }
        Intake.require(intake.read(name, yaml, null).problems());
        return workflows.put(name, yaml);
    }
}
