package dev.fewtune.web;

import dev.fewtune.leaderboard.Format;
import dev.fewtune.leaderboard.Sheet;
import dev.fewtune.run.RunView;
import dev.fewtune.run.Runs;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The leaderboard of a run. */
@Path("/runs/{id}/board")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class BoardPage {
    private static final List<Link> FORMATS = List.of(
            new Link(Format.JSON.label(), "JSON"),
            new Link(Format.CSV.label(), "CSV"),
            new Link(Format.MARKDOWN.label(), "Markdown"),
            new Link(Format.LATEX.label(), "LaTeX"),
            new Link(Format.TEXT.label(), "Text"));
    private final Runs runs;
    private final Boards boards;

    BoardPage(Runs runs, Boards boards) {
        this.runs = runs;
        this.boards = boards;
    }

    /** A link to another form of a board. */
    public record Link(String word, String label) {}

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance board(RunView run, List<Sheet> sheets, List<Link> formats);
    }

    @GET
    public TemplateInstance board(@PathParam("id") long id) {
        List<Sheet> sheets = boards.of(id).tables().stream().map(Sheet::of).toList();
        return Templates.board(runs.run(id), sheets, FORMATS);
    }
}
