package dev.fewtune.web;

import dev.fewtune.run.CellState;
import dev.fewtune.run.CellView;
import dev.fewtune.run.Runs;
import dev.fewtune.step.PeftFiles;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Cells of a run: their states, logs, curves, files and verbs. */
@Path("/api/runs/{id}/cells")
@Produces(MediaType.APPLICATION_JSON)
public class CellsApi {
    private final Runs runs;

    CellsApi(Runs runs) {
        this.runs = runs;
    }

    @GET
    @Operation(summary = "Cells of a run, in order")
    @APIResponse(responseCode = "200", description = "A page of cells")
    @APIResponse(responseCode = "400", description = "A query parameter cannot be read")
    @APIResponse(responseCode = "404", description = "There is no such run")
    public Listing<CellView> cells(
            @PathParam("id") long id,
            @QueryParam("step") String step,
            @QueryParam("state") String state,
            @QueryParam("key") String key,
            @QueryParam("after") Integer after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        return Listing.of(
                runs.cells(id, step, Words.of(CellState.class, "state", state), key, after, Listing.checked(limit) + 1),
                limit,
                cell -> (long) cell.ordinal());
    }

    @GET
    @Path("/{n}")
    @Operation(summary = "One cell")
    @APIResponse(responseCode = "200", description = "The cell with its attempts and files")
    @APIResponse(responseCode = "404", description = "There is no such cell")
    public CellView cell(@PathParam("id") long id, @PathParam("n") int n) {
        return runs.cell(id, n);
    }

    @GET
    @Path("/{n}/log")
    @Operation(summary = "Log lines of an attempt")
    @APIResponse(responseCode = "200", description = "Lines, oldest first")
    @APIResponse(responseCode = "400", description = "A query parameter cannot be read")
    @APIResponse(responseCode = "404", description = "There is no such attempt")
    public List<Runs.LogLine> log(
            @PathParam("id") long id,
            @PathParam("n") int n,
            @QueryParam("attempt") Integer attempt,
            @QueryParam("after") @DefaultValue("0") long after,
            @QueryParam("limit") @DefaultValue("1000") int limit) {
        return runs.log(id, n, attempt(id, n, attempt), after, Listing.checked(limit));
    }

    @GET
    @Path("/{n}/metrics")
    @Operation(summary = "Curves of an attempt")
    @APIResponse(responseCode = "200", description = "Points by the name of their curve")
    @APIResponse(responseCode = "404", description = "There is no such attempt")
    public Map<String, List<Runs.MetricPoint>> metrics(
            @PathParam("id") long id, @PathParam("n") int n, @QueryParam("attempt") Integer attempt) {
        return runs.metrics(id, n, attempt(id, n, attempt));
    }

    @GET
    @Path("/{n}/artifacts")
    @Operation(summary = "Files that a cell has made")
    @APIResponse(responseCode = "200", description = "Sizes in bytes by path")
    @APIResponse(responseCode = "404", description = "There is no such cell")
    public Map<String, Long> artifacts(@PathParam("id") long id, @PathParam("n") int n) {
        return runs.cell(id, n).files();
    }

    @GET
    @Path("/{n}/artifacts/{path:.+}")
    @Produces(MediaType.WILDCARD)
    @Operation(summary = "One file that a cell has made")
    @APIResponse(responseCode = "200", description = "The file")
    @APIResponse(responseCode = "404", description = "There is no such file")
    public Response artifact(@PathParam("id") long id, @PathParam("n") int n, @PathParam("path") String path) {
        java.nio.file.Path file = runs.artifact(id, n, path)
                .orElseThrow(() -> Refused.notFound("Cell %s of run %s has no file %s. It has %s."
                        .formatted(n, id, path, runs.cell(id, n).files().keySet())));
        String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        return Response.ok(file.toFile(), MediaType.APPLICATION_OCTET_STREAM)
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .header("Content-Security-Policy", "sandbox; default-src 'none'")
                .build();
    }

    @GET
    @Path("/{n}/adapter")
    @Produces("application/zip")
    @Operation(summary = "What a cell has trained, as a folder of HF PEFT")
    @APIResponse(responseCode = "200", description = "The folder in a ZIP file")
    @APIResponse(responseCode = "404", description = "There is no such cell, or PEFT has no place for its method")
    public Response adapter(@PathParam("id") long id, @PathParam("n") int n) {
        List<String> paths = PeftFiles.among(runs.cell(id, n).files().keySet());
        if (paths.isEmpty()) {
            throw Refused.notFound(PeftFiles.none(id, n));
        }
        StreamingOutput zip = out -> {
            try (ZipOutputStream entries = new ZipOutputStream(out)) {
                for (String path : paths) {
                    entries.putNextEntry(new ZipEntry(path.substring(PeftFiles.BEFORE.length())));
                    Files.copy(runs.artifact(id, n, path).orElseThrow(), entries);
                    entries.closeEntry();
                }
            }
        };
        return Response.ok(zip, "application/zip")
                .header("Content-Disposition", "attachment; filename=\"adapter-%s-%s.zip\"".formatted(id, n))
                .build();
    }

    @POST
    @Path("/{n}/retry")
    @Operation(summary = "Retry a failed cell")
    @APIResponse(responseCode = "200", description = "The cell")
    @APIResponse(responseCode = "404", description = "There is no such cell")
    @APIResponse(responseCode = "409", description = "The verb does not fit the state")
    public CellView retry(@PathParam("id") long id, @PathParam("n") int n) {
        runs.retry(id, n, "api");
        return runs.cell(id, n);
    }

    @POST
    @Path("/{n}/rerun")
    @Operation(summary = "Run an ended cell and what depends on it again")
    @APIResponse(responseCode = "200", description = "The cell")
    @APIResponse(responseCode = "404", description = "There is no such cell")
    @APIResponse(responseCode = "409", description = "The verb does not fit the state")
    public CellView rerun(@PathParam("id") long id, @PathParam("n") int n) {
        runs.rerun(id, n, "api");
        return runs.cell(id, n);
    }

    private int attempt(long id, int n, Integer asked) {
        return Attempts.of(runs.cell(id, n), asked);
    }
}
