package dev.fewtune.web;

import dev.fewtune.leaderboard.Format;
import dev.fewtune.leaderboard.Sheet;
import dev.fewtune.run.CellState;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunState;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages of runs. */
@Path("/runs")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class RunPages {
    private static final int RUNS = 25;
    private static final int CELLS = 100;
    private static final int LINES = 500;
    private final Runs runs;
    private final Boards boards;
    private final Csrf csrf;

    RunPages(Runs runs, Boards boards, Csrf csrf) {
        this.runs = runs;
        this.boards = boards;
        this.csrf = csrf;
    }

    /** What part of the cells of a run is shown. */
    public record Part(String step, String state, Integer after) {
        String query() {
            return (step == null ? "" : "&step=" + step) + (state == null ? "" : "&state=" + state);
        }

        /** The query of the same part, without its place in the list. */
        public String same() {
            return query();
        }

        public String whole() {
            return query() + (after == null ? "" : "&after=" + after);
        }

        public boolean isStep(String name) {
            return name.equals(step);
        }

        public boolean isState(String name) {
            return name.equalsIgnoreCase(String.valueOf(state));
        }
    }

    /** A link to another form of a board. */
    public record Link(String word, String label) {}

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance list(Listing<RunView> runs, String state, List<RunState> states);

        static native TemplateInstance run(
                RunView run,
                Listing<CellView> cells,
                Part part,
                List<CellState> states,
                List<Runs.Act> acts,
                String csrf);

        static native TemplateInstance head(RunView run, String csrf);

        static native TemplateInstance cells(RunView run, Listing<CellView> cells, Part part, String csrf);

        static native TemplateInstance cell(
                RunView run, CellView cell, int attempt, List<Runs.LogLine> log, List<Curve> curves, String csrf);

        static native TemplateInstance work(CellView cell, int attempt, List<Runs.LogLine> log, List<Curve> curves);

        static native TemplateInstance board(RunView run, List<Sheet> sheets, boolean complete, List<Link> formats);
    }

    @GET
    public TemplateInstance list(@QueryParam("state") String state, @QueryParam("after") Long after) {
        RunState wanted = Words.of(RunState.class, "state", state);
        Listing<RunView> page = Listing.of(runs.list(wanted, null, after, RUNS + 1), RUNS, RunView::id);
        return Templates.list(page, wanted == null ? "" : wanted.name(), List.of(RunState.values()));
    }

    @GET
    @Path("/{id}")
    public TemplateInstance run(
            @PathParam("id") long id,
            @QueryParam("step") String step,
            @QueryParam("state") String state,
            @QueryParam("after") Integer after) {
        Part part = new Part(blank(step), blank(state), after);
        return Templates.run(
                runs.run(id), page(id, part), part, List.of(CellState.values()), runs.acts(id), csrf.token());
    }

    @GET
    @Path("/{id}/live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> live(
            @PathParam("id") long id,
            @QueryParam("step") String step,
            @QueryParam("state") String state,
            @QueryParam("after") Integer after,
            @Context Sse sse) {
        Part part = new Part(blank(step), blank(state), after);
        String token = csrf.token();
        runs.run(id);
        return Live.watch(sse, MediaType.TEXT_HTML_TYPE, () -> {
            RunView run = runs.run(id);
            Map<String, Object> parts = new LinkedHashMap<>();
            parts.put("head", Templates.head(run, token).render());
            parts.put("cells", Templates.cells(run, page(id, part), part, token).render());
            return new Live.Frame(parts, run.state().ended());
        });
    }

    @GET
    @Path("/{id}/cells/{n}")
    public TemplateInstance cell(
            @PathParam("id") long id, @PathParam("n") int n, @QueryParam("attempt") Integer attempt) {
        CellView cell = runs.cell(id, n);
        int shown = attempt == null ? cell.attempt() : attempt;
        return Templates.cell(runs.run(id), cell, shown, log(id, n, shown), curves(id, n, shown), csrf.token());
    }

    @GET
    @Path("/{id}/cells/{n}/live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> liveCell(@PathParam("id") long id, @PathParam("n") int n, @Context Sse sse) {
        runs.cell(id, n);
        return Live.watch(sse, MediaType.TEXT_HTML_TYPE, () -> {
            CellView cell = runs.cell(id, n);
            String work = Templates.work(
                            cell, cell.attempt(), log(id, n, cell.attempt()), curves(id, n, cell.attempt()))
                    .render();
            return new Live.Frame(Map.of("work", work), cell.state().ended());
        });
    }

    @GET
    @Path("/{id}/board")
    public TemplateInstance board(@PathParam("id") long id) {
        Boards.Shown shown = boards.of(id);
        List<Link> formats = List.of(
                new Link(Format.JSON.label(), "JSON"),
                new Link(Format.CSV.label(), "CSV"),
                new Link(Format.MARKDOWN.label(), "Markdown"),
                new Link(Format.LATEX.label(), "LaTeX"),
                new Link(Format.TEXT.label(), "Text"));
        return Templates.board(
                runs.run(id), shown.board().tables().stream().map(Sheet::of).toList(), shown.complete(), formats);
    }

    private Listing<CellView> page(long id, Part part) {
        CellState state = Words.of(CellState.class, "state", part.state());
        return Listing.of(runs.cells(id, part.step(), state, null, part.after(), CELLS + 1), CELLS, cell ->
                (long) cell.ordinal());
    }

    private List<Runs.LogLine> log(long id, int n, int attempt) {
        return runs.log(id, n, attempt, 0, LINES);
    }

    private List<Curve> curves(long id, int n, int attempt) {
        return Curve.of(runs.metrics(id, n, attempt));
    }

    private static String blank(String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
