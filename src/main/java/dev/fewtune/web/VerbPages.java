package dev.fewtune.web;

import dev.fewtune.run.Runs;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** The buttons of the pages. Each leads back to the page that it stands on. */
@Path("/runs/{id}")
@Blocking
public class VerbPages {
    private static final String BY = "page";
    private final Runs runs;
    private final Csrf csrf;

    VerbPages(Runs runs, Csrf csrf) {
        this.runs = runs;
        this.csrf = csrf;
    }

    @POST
    @Path("/cancel")
    public Response cancel(@PathParam("id") long id, @FormParam("csrf") String field) {
        csrf.require(field);
        runs.cancel(id, BY);
        return to("/runs/" + id);
    }

    @POST
    @Path("/retry")
    public Response retry(@PathParam("id") long id, @FormParam("csrf") String field) {
        csrf.require(field);
        runs.retryFailed(id, BY);
        return to("/runs/" + id);
    }

    @POST
    @Path("/again")
    public Response again(@PathParam("id") long id, @FormParam("csrf") String field) {
        csrf.require(field);
        return to("/runs/" + runs.submit(runs.plan(id), runs.yaml(id), BY, null));
    }

    @POST
    @Path("/cells/{n}/retry")
    public Response retryCell(@PathParam("id") long id, @PathParam("n") int n, @FormParam("csrf") String field) {
        csrf.require(field);
        runs.retry(id, n, BY);
        return to("/runs/%d/cells/%d".formatted(id, n));
    }

    @POST
    @Path("/cells/{n}/rerun")
    public Response rerunCell(@PathParam("id") long id, @PathParam("n") int n, @FormParam("csrf") String field) {
        csrf.require(field);
        runs.rerun(id, n, BY);
        return to("/runs/%d/cells/%d".formatted(id, n));
    }

    private static Response to(String path) {
        return Response.seeOther(URI.create(path)).build();
    }
}
