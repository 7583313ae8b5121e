package dev.fewtune.web;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The leaderboard of one run as a file. */
@Path("/api/runs/{id}/leaderboard")
public class RunBoardApi {
    private final Boards boards;

    RunBoardApi(Boards boards) {
        this.boards = boards;
    }

    /** The scores so far where the aggregate step has not ended. */
    @GET
    @Operation(summary = "The leaderboard of a run")
    @APIResponse(responseCode = "200", description = "The board")
    @APIResponse(responseCode = "400", description = "A query parameter cannot be read")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public Response board(@PathParam("id") long id, @QueryParam("format") @DefaultValue("json") String format) {
        return BoardsApi.answer(boards.of(id), format);
    }
}
