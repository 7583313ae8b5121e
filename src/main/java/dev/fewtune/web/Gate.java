package dev.fewtune.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who may come in, before anything is read. It stands before all that this port serves: pages, API, assets, and
 * under /q metrics and the description of the API, which tell what this server does and how much. Only health is open to
 * everybody, because the probes of an orchestrator carry no token, and it tells no more than up or down.
 */
@Singleton
public class Gate {
    static final String TOKEN_COOKIE = "fewtune-token";
    private static final int FIRST = 1000;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String OPEN =
            "/(login|schema/workflow\\.json|style\\.css|icon\\.svg|webjars/.+|q/health(/.*)?)";
    private static final String FOR_PROGRAMS = "/(api|schema|q/metrics|q/openapi)(/.*)?";
    private static final String BEARER = "Bearer ";
    private final Access access;
    private final ObjectMapper json;

    Gate(Access access, ObjectMapper json) {
        this.access = access;
        this.json = json;
    }

    void stand(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    private void check(RoutingContext context) {
        String path = context.normalizedPath();
        harden(context, path);
        Optional<Refusal> refusal = refusal(context.request(), path);
        if (refusal.isPresent()) {
            refuse(context.response(), refusal.get(), path);
        } else if (path.matches(OPEN) || access.admits(shown(context.request()))) {
            context.next();
        } else if (path.matches(FOR_PROGRAMS)) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
            refuse(
                    context.response(),
                    Refusal.of(401, "Unauthorized", "A token is needed: Authorization: Bearer …"),
                    path);
        } else {
            context.response()
                    .setStatusCode(303)
                    .putHeader("Location", "/login")
                    .end();
        }
    }

    private Optional<Refusal> refusal(HttpServerRequest request, String path) {
        if (!access.serves() && !path.startsWith("/q/")) {
            return Optional.of(
                    Refusal.of(404, "Not found", "This process is a worker; pages and API are served by another."));
        }
        String host = String.valueOf(request.authority());
        if (access.localOnly() && !LOCAL.contains(host.replaceFirst(":\\d+$", ""))) {
            return Optional.of(Refusal.of(
                    403, "Forbidden", "The host %s is not this machine. Maybe set FEWTUNE_TOKEN.".formatted(host)));
        }
        String origin = request.getHeader("Origin");
        if (!SAFE.contains(request.method().name()) && origin != null && !comesFrom(origin, host)) {
            return Optional.of(
                    Refusal.of(403, "Forbidden", "The page at %s may not write here (%s).".formatted(origin, host)));
        }
        return Optional.empty();
    }

    private static boolean comesFrom(String origin, String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    /** The token of the header or else of the cookie; null where there is neither. */
    private static String shown(HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        if (header != null && header.startsWith(BEARER)) {
            return header.substring(BEARER.length());
        }
        Cookie cookie = request.getCookie(TOKEN_COOKIE);
        return cookie == null ? null : cookie.getValue();
    }

    /** The pages of Swagger UI are not ours and need what this policy forbids. */
    private static void harden(RoutingContext context, String path) {
        context.addHeadersEndHandler(done -> {
            MultiMap headers = context.response().headers();
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "same-origin");
            if (!path.startsWith("/q/") && !headers.contains("Content-Security-Policy")) {
                headers.set(
                        "Content-Security-Policy",
                        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'");
            }
        });
    }

    private void refuse(HttpServerResponse response, Refusal refusal, String path) {
        response.setStatusCode(refusal.status());
        if (path.matches(FOR_PROGRAMS)) {
            response.putHeader("Content-Type", Refusal.MEDIA_TYPE).end(text(refusal));
        } else {
            response.putHeader("Content-Type", "text/html;charset=UTF-8")
                    .end(Door.Templates.refused(refusal).render());
        }
    }

    private String text(Refusal refusal) {
        try {
            return json.writeValueAsString(refusal);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
