package dev.fewtune.web;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.TaskSpec;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What a workflow may name. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class CatalogApi {
    private final Catalog catalog;

    CatalogApi(Catalog catalog) {
        this.catalog = catalog;
    }

    @GET
    @Path("/methods")
    @Operation(summary = "Methods with their settings")
    @APIResponse(responseCode = "200", description = "What a workflow may name")
    public List<MethodSpec> methods() {
        return catalog.methods();
    }

    @GET
    @Path("/backbones")
    @Operation(summary = "Pretrained models")
    @APIResponse(responseCode = "200", description = "What a workflow may name")
    public List<BackboneSpec> backbones() {
        return catalog.backbones();
    }

    @GET
    @Path("/tasks")
    @Operation(summary = "Built-in tasks")
    @APIResponse(responseCode = "200", description = "What a workflow may name")
    public List<TaskSpec> tasks() {
        return catalog.tasks();
    }
}
