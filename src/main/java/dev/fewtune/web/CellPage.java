package dev.fewtune.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.run.CellView;
import dev.fewtune.run.Pulse;
import dev.fewtune.run.Runs;
import dev.fewtune.workflow.Plan;
import dev.fewtune.workflow.PlannedCell;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/** Everything about one cell. */
@Path("/runs/{id}/cells/{n}")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class CellPage {
    private final Runs runs;
    private final Live live;
    private final Csrf csrf;
    private final ObjectMapper json;

    CellPage(Runs runs, Live live, Csrf csrf, ObjectMapper json) {
        this.runs = runs;
        this.live = live;
        this.csrf = csrf;
        this.json = json;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance cell(Cell cell, String csrf);

        static native TemplateInstance verbs(Cell cell, String csrf);

        static native TemplateInstance state(Cell cell);

        static native TemplateInstance curves(Cell cell);

        static native TemplateInstance made(Cell cell);

        static native TemplateInstance grids(Cell cell);

        static native TemplateInstance around(Cell cell);

        static native TemplateInstance attempts(Cell cell);

        static native TemplateInstance log(Cell cell);

        static native TemplateInstance lines(List<Runs.LogLine> lines);
    }

    /**
     * @param attempt whose log and curves are shown; the latest where there is none
     * @param before the number of a log line; the lines before it are shown instead of the last ones
     */
    @GET
    public TemplateInstance cell(
            @PathParam("id") long id,
            @PathParam("n") int n,
            @QueryParam("attempt") Integer attempt,
            @QueryParam("before") Long before) {
        return Templates.cell(look(id, n, attempt, before), csrf.token());
    }

    @GET
    @Path("/live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> live(
            @PathParam("id") long id, @PathParam("n") int n, @QueryParam("attempt") Integer attempt, @Context Sse sse) {
        Attempts.of(runs.cell(id, n), attempt);
        String token = csrf.token();
        return live.watch(id, sse, MediaType.TEXT_HTML_TYPE, new Supplier<>() {
            private long shown;

            @Override
            public Live.Frame get() {
                Cell cell = look(id, n, attempt, null);
                long known = shown;
                shown = cell.log().last();
                return frame(cell, known, token);
            }
        });
    }

    /** @param known number of the last line that was sent */
    private static Live.Frame frame(Cell cell, long known, String token) {
        return new Live.Frame(
                List.of(
                        Live.Part.of("verbs", Templates.verbs(cell, token).render()),
                        Live.Part.of("state", Templates.state(cell).render()),
                        Live.Part.of("curves", Templates.curves(cell).render()),
                        Live.Part.of("made", Templates.made(cell).render()),
                        Live.Part.of("grids", Templates.grids(cell).render()),
                        Live.Part.of("around", Templates.around(cell).render()),
                        Live.Part.of("attempts", Templates.attempts(cell).render()),
                        new Live.Part(
                                "log",
                                List.of(cell.attempt(), cell.log().lines().isEmpty()),
                                () -> Templates.log(cell).render()),
                        new Live.Part(
                                "lines",
                                List.of(cell.attempt(), cell.log().last()),
                                () -> Templates.lines(cell.log().after(known)).render(),
                                "log")),
                cell.view().state().ended());
    }

    private Cell look(long id, int n, Integer asked, Long before) {
        CellView view = runs.cell(id, n);
        int attempt = Attempts.of(view, asked);
        Plan plan = runs.plan(id);
        PlannedCell planned = plan.cells().get(n);
        List<Pulse.Beat> beats = Pulse.of(id);
        return new Cell(
                runs.run(id),
                view,
                planned,
                attempt,
                asked,
                LogPage.of(runs.log(id, n, attempt, 0, Integer.MAX_VALUE), before),
                Curve.of(runs.metrics(id, n, attempt)),
                card(id, n, view),
                grids(id, n, view),
                Neighbours.needs(plan, planned, beats),
                Neighbours.neededBy(plan, planned, beats));
    }

    private DataCard card(long id, int n, CellView view) {
        return view.files().containsKey(DataCard.FILE)
                ? runs.artifact(id, n, DataCard.FILE).map(this::read).orElse(null)
                : null;
    }

    private List<Grid> grids(long id, int n, CellView view) {
        return view.files().containsKey(Grid.FILE)
                ? runs.artifact(id, n, Grid.FILE).map(this::drawn).orElse(List.of())
                : List.of();
    }

    private List<Grid> drawn(java.nio.file.Path file) {
        try {
            return List.of(json.readValue(file.toFile(), Grid[].class));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private DataCard read(java.nio.file.Path file) {
        try {
            return json.readValue(file.toFile(), DataCard.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
