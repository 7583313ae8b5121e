package dev.fewtune.web;

import dev.fewtune.leaderboard.Board;
import dev.fewtune.leaderboard.BoardExports;
import dev.fewtune.leaderboard.Format;
import dev.fewtune.leaderboard.Table;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Leaderboards over several runs, as files. */
@Path("/api/leaderboard")
public class BoardsApi {
    private final Boards boards;

    BoardsApi(Boards boards) {
        this.boards = boards;
    }

    /** The scores of several runs; rows that must not be compared stand in separate tables. */
    @GET
    @Operation(summary = "One leaderboard over several runs")
    @APIResponse(responseCode = "200", description = "The board")
    @APIResponse(responseCode = "400", description = "A query parameter cannot be read")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public Response across(
            @QueryParam("run") List<Long> runs,
            @QueryParam("task") String task,
            @QueryParam("backbone") String backbone,
            @QueryParam("format") @DefaultValue("json") String format) {
        if (runs.isEmpty()) {
            throw Refused.badRequest("Say which runs: /api/leaderboard?run=1&run=2");
        }
        List<Table> tables = boards.across(runs).tables().stream()
                .filter(table -> task == null || table.task().equals(task))
                .filter(table -> backbone == null || table.backbone().equals(backbone))
                .toList();
        return answer(new Board(tables), format);
    }

    static Response answer(Board board, String word) {
        Format format = Format.find(word)
                .orElseThrow(() -> Refused.badRequest("format (%s) must be one of %s."
                        .formatted(
                                word,
                                Arrays.stream(Format.values())
                                        .map(Format::label)
                                        .toList())));
        return Response.ok(BoardExports.write(board, format), format.mediaType())
                .build();
    }
}
