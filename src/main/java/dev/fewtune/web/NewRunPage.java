package dev.fewtune.web;

import dev.fewtune.run.Runs;
import dev.fewtune.spec.Catalog;
import dev.fewtune.workflow.Input;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlanText;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Problem;
import dev.fewtune.workflow.Reading;
import dev.fewtune.workflow.Workflow;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The form of a new run, made from the inputs of its workflow; problems stand where they arise. */
@Path("/new")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class NewRunPage {
    private final Runs runs;
    private final Intake intake;
    private final Workflows workflows;
    private final Catalog catalog;
    private final Csrf csrf;

    NewRunPage(Runs runs, Intake intake, Workflows workflows, Catalog catalog, Csrf csrf) {
        this.runs = runs;
        this.intake = intake;
        this.workflows = workflows;
        this.catalog = catalog;
        this.csrf = csrf;
    }

    /**
     * What the form shows.
     *
     * @param fields empty where the YAML cannot be read
     * @param problems that belong to no field
     * @param plan of the cells, or an empty text
     */
    public record Draft(String name, String yaml, List<Field> fields, List<Problem> problems, String plan, int cells) {}

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance form(List<Workflows.Named> workflows, Draft draft, String csrf);

        static native TemplateInstance plan(Draft draft);
    }

    @GET
    public TemplateInstance form(@QueryParam("workflow") String name) {
        List<Workflows.Named> all = workflows.all();
        String chosen = name == null || name.isBlank() ? all.get(0).name() : name;
        Workflows.Named named = workflows
                .find(chosen)
                .orElseThrow(() -> Refused.notFound("There is no workflow %s.".formatted(chosen)));
        return Templates.form(all, check(named.name(), named.yaml(), null).draft(), csrf.token());
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response submit(MultivaluedMap<String, String> form) {
        csrf.require(form.getFirst("csrf"));
        Checked checked = check(form.getFirst("name"), text(form), form);
        if (checked.plan() == null || !"run".equals(form.getFirst("action"))) {
            TemplateInstance page = Templates.form(workflows.all(), checked.draft(), csrf.token());
            return Response.status(checked.plan() == null ? 422 : 200)
                    .entity(page.render())
                    .type(MediaType.TEXT_HTML + ";charset=UTF-8")
                    .build();
        }
        long id = runs.submit(checked.plan(), checked.draft().yaml(), "page", null);
        return Response.seeOther(URI.create("/runs/" + id)).build();
    }

    /** The cells of what is typed so far. */
    @POST
    @Path("/plan")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public TemplateInstance plan(MultivaluedMap<String, String> form) {
        csrf.require(form.getFirst("csrf"));
        return Templates.plan(check(form.getFirst("name"), text(form), form).draft());
    }

    /** @param plan null where there are problems */
    private record Checked(Draft draft, Plan plan) {}

    /** @param form null for the defaults */
    private Checked check(String name, String yaml, MultivaluedMap<String, String> form) {
        Reading reading = intake.read(name + ".yaml", yaml, null);
        if (reading.workflow() == null) {
            return new Checked(new Draft(name, yaml, List.of(), reading.problems(), "", 0), null);
        }
        Workflow workflow = reading.workflow();
        Map<String, String> given = form == null ? Map.of() : given(workflow, form);
        Planning planning = intake.planTexts(workflow, given);
        Map<String, List<String>> byInput = planning.problems().stream()
                .filter(problem -> input(workflow, problem) != null)
                .collect(Collectors.groupingBy(
                        problem -> input(workflow, problem),
                        Collectors.mapping(Problem::message, Collectors.toList())));
        List<Problem> others = planning.problems().stream()
                .filter(problem -> input(workflow, problem) == null)
                .toList();
        Plan plan = planning.plan();
        return new Checked(
                new Draft(
                        name,
                        yaml,
                        Field.of(workflow, catalog, given, byInput),
                        others,
                        plan == null ? "" : PlanText.of(plan),
                        plan == null ? 0 : plan.cells().size()),
                plan);
    }

    private static String input(Workflow workflow, Problem problem) {
        return workflow.inputs().stream()
                .filter(input -> input.line() == problem.line() && input.column() == problem.column())
                .map(Input::name)
                .findFirst()
                .orElse(null);
    }

    /** What was typed; boxes of one name are the items of a list. */
    private static Map<String, String> given(Workflow workflow, MultivaluedMap<String, String> form) {
        Map<String, String> given = new LinkedHashMap<>();
        for (Input input : workflow.inputs()) {
            List<String> values = form.get(Field.name(input));
            if (values != null) {
                given.put(input.name(), String.join(",", values));
            } else if (form.containsKey("shown." + input.name())) {
                given.put(input.name(), "");
            }
        }
        return given;
    }

    private static String text(MultivaluedMap<String, String> form) {
        String yaml = form.getFirst("yaml");
        return yaml == null ? "" : yaml.replace("\r\n", "\n");
    }
}
