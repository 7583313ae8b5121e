package dev.fewtune.web;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

/** The leaderboard of one run as a file. */
@Path("/api/runs/{id}/leaderboard")
public class RunBoardApi {
    private final Boards boards;

    RunBoardApi(Boards boards) {
        this.boards = boards;
    }

    /** The scores so far where the aggregate step has not ended. */
    @GET
    public Response board(@PathParam("id") long id, @QueryParam("format") @DefaultValue("json") String format) {
        return BoardsApi.answer(boards.of(id).board(), format);
    }
}
