package dev.fewtune.web;

import dev.fewtune.spec.Catalog;
import dev.fewtune.workflow.SchemaWriter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The JSON Schema of workflows, for editors. */
@Path("/schema/workflow.json")
public class SchemaApi {
    private final String schema;

    SchemaApi(Catalog catalog) {
        this.schema = SchemaWriter.write(catalog);
    }

    @GET
    @Operation(summary = "The JSON Schema of workflows")
    @APIResponse(responseCode = "200", description = "A schema of draft 7")
    public Response schema() {
        return Response.ok(schema, "application/schema+json")
                .header("Access-Control-Allow-Origin", "*")
                .build();
    }
}
