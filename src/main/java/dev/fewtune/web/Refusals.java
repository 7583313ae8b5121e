package dev.fewtune.web;

import dev.fewtune.run.Runs;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every error as a problem document, or on the pages as a page. */
public class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class);

    @ServerExceptionMapper
    public Response refused(Refused refused, UriInfo uri) {
        return answer(refused.refusal(), uri);
    }

    @ServerExceptionMapper
    public Response unknown(Runs.UnknownRun unknown, UriInfo uri) {
        return answer(Refusal.of(404, "Not found", unknown.getMessage()), uri);
    }

    @ServerExceptionMapper
    public Response notAllowed(Runs.NotAllowed refused, UriInfo uri) {
        return answer(Refusal.of(409, "Conflict", refused.getMessage()), uri);
    }

    @ServerExceptionMapper
    public Response http(WebApplicationException thrown, UriInfo uri) {
        Response.StatusType status = thrown.getResponse().getStatusInfo();
        if (status.getFamily() == Response.Status.Family.REDIRECTION) {
            return thrown.getResponse();
        }
        return answer(
                Refusal.of(
                        status.getStatusCode(),
                        status.getReasonPhrase(),
                        "%s: /%s".formatted(thrown.getMessage(), path(uri))),
                uri);
    }

    @ServerExceptionMapper
    public Response bug(RuntimeException thrown, UriInfo uri) {
        LOG.errorf(thrown, "A bug at /%s", path(uri));
        return answer(Refusal.of(500, "A bug of Fewtune", thrown.toString()), uri);
    }

    static Response answer(Refusal refusal, UriInfo uri) {
        Response.ResponseBuilder answer = Response.status(refusal.status());
        if (path(uri).startsWith("api/") || path(uri).startsWith("schema/")) {
            return answer.type(Refusal.MEDIA_TYPE).entity(refusal).build();
        }
        return answer.type(MediaType.TEXT_HTML + ";charset=UTF-8")
                .entity(Door.Templates.refused(refusal).render())
                .build();
    }

    private static String path(UriInfo uri) {
        return uri.getPath().startsWith("/") ? uri.getPath().substring(1) : uri.getPath();
    }
}
