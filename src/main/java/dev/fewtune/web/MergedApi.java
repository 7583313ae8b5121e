package dev.fewtune.web;

import dev.fewtune.run.Runs;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.step.Merged;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The network of a cell with what was trained in its weights. */
@Path("/api/runs/{id}/cells/{n}/merged")
public class MergedApi {
    private final Runs runs;
    private final Merged merged;

    MergedApi(Runs runs, Merged merged) {
        this.runs = runs;
        this.merged = merged;
    }

    @GET
    @Produces("application/zip")
    @Operation(summary = "The network with what a cell has trained in its weights, as a folder of Transformers")
    @APIResponse(responseCode = "200", description = "The folder in a ZIP file")
    @APIResponse(responseCode = "404", description = "There is no such cell")
    @APIResponse(responseCode = "422", description = "The cell has trained nothing, or its method cannot be merged")
    public Response merged(@PathParam("id") long id, @PathParam("n") int n) throws IOException {
        runs.cell(id, n);
        java.nio.file.Path around = Files.createTempDirectory("fewtune-merged");
        java.nio.file.Path folder = around.resolve("model");
        try {
            merged.write(name -> runs.artifact(id, n, name), folder);
        } catch (CellFailure failure) {
            remove(around);
            throw failure.kind() == Cause.YOURS ? Refused.unprocessable(failure.getMessage()) : failure;
        }
        StreamingOutput zip = out -> {
            try {
                zip(folder, out);
            } finally {
                remove(around);
            }
        };
        return Response.ok(zip, "application/zip")
                .header("Content-Disposition", "attachment; filename=\"merged-%s-%s.zip\"".formatted(id, n))
                .build();
    }

    /** Weights do not become smaller by packing. */
    private static void zip(java.nio.file.Path folder, OutputStream out) throws IOException {
        try (ZipOutputStream entries = new ZipOutputStream(out);
                Stream<java.nio.file.Path> files = Files.list(folder)) {
            entries.setLevel(Deflater.NO_COMPRESSION);
            for (java.nio.file.Path file : files.sorted().toList()) {
                entries.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }

    private static void remove(java.nio.file.Path folder) throws IOException {
        List<java.nio.file.Path> all;
        try (Stream<java.nio.file.Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (java.nio.file.Path file : all) {
            Files.delete(file);
        }
    }
}
