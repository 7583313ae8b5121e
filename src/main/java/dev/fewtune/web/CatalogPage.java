package dev.fewtune.web;

import dev.fewtune.spec.Catalog;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What a workflow may name: methods, backbones, tasks, with their settings and sources. */
@Path("/methods")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class CatalogPage {
    private final Catalog catalog;

    CatalogPage(Catalog catalog) {
        this.catalog = catalog;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance catalog(Catalog catalog);
    }

    @GET
    public TemplateInstance show() {
        return Templates.catalog(catalog);
    }
}
