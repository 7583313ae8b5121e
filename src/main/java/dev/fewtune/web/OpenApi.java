package dev.fewtune.web;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to the description of the API what holds for every call, and leaves the pages out. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApi implements OASFilter {
    private static final String TOKEN = "token";
    private static final String API = "/api/";
    private static final String SCHEMA = "/schema/";
    private static final String REFUSAL = "#/components/schemas/Refusal";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getComponents()
                .addSecurityScheme(
                        TOKEN,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description("The token of FEWTUNE_TOKEN; any where none is set."));
        document.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme(TOKEN)));
        List.copyOf(document.getPaths().getPathItems().keySet()).stream()
                .filter(path -> !path.startsWith(API) && !path.startsWith(SCHEMA))
                .forEach(document.getPaths()::removePathItem);
        document.getPaths().getPathItems().forEach(OpenApi::complete);
    }

    private static void complete(String path, PathItem item) {
        for (Operation operation : item.getOperations().values()) {
            if (path.startsWith(API)) {
                answer(operation, "401", "The token is absent or wrong");
            } else {
                operation.setSecurity(List.of());
            }
            if (operation.getRequestBody() != null) {
                operation.getRequestBody().setRequired(true);
                answer(operation, "413", "The body is larger than 1 MiB");
            }
            operation.getResponses().getAPIResponses().entrySet().stream()
                    .filter(response -> response.getKey().startsWith("4"))
                    .map(Map.Entry::getValue)
                    .forEach(response -> response.setContent(problem()));
        }
    }

    private static void answer(Operation operation, String status, String says) {
        APIResponses responses = operation.getResponses();
        responses.addAPIResponse(status, OASFactory.createAPIResponse().description(says));
    }

    private static Content problem() {
        return OASFactory.createContent()
                .addMediaType(
                        Refusal.MEDIA_TYPE,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref(REFUSAL)));
    }
}
