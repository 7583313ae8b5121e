package dev.fewtune.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Decides who may come in, before anything is read. */
public class Gate {
    static final String TOKEN_COOKIE = "fewtune-token";
    private static final long MOST_BYTES = 1 << 20;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> OPEN = Set.of("/login", "/schema/workflow.json");
    private static final String BEARER = "Bearer ";
    private final Access access;

    Gate(Access access) {
        this.access = access;
    }

    @ServerRequestFilter(preMatching = true)
    public Optional<Response> check(ContainerRequestContext request) {
        String path = request.getUriInfo().getRequestUri().getPath();
        if (!access.serves()) {
            return refuse(request, 404, "Not found", "This process is a worker; pages and API are served by another.");
        }
        String host = host(request);
        if (access.localOnly() && !LOCAL.contains(host.replaceFirst(":\\d+$", ""))) {
            return refuse(
                    request,
                    403,
                    "Forbidden",
                    "The host %s is not this machine. Maybe set FEWTUNE_TOKEN.".formatted(host));
        }
        if (request.getLength() > MOST_BYTES) {
            return refuse(
                    request,
                    413,
                    "Too large",
                    "The body (%,d bytes) must not be larger than 1 MiB (%,d bytes)."
                            .formatted(request.getLength(), MOST_BYTES));
        }
        String origin = request.getHeaderString("Origin");
        if (!SAFE.contains(request.getMethod()) && origin != null && !comesFrom(origin, host)) {
            return refuse(request, 403, "Forbidden", "The page at %s may not write here (%s).".formatted(origin, host));
        }
        return OPEN.contains(path) || shows(request) ? Optional.empty() : unknown(request, path);
    }

    @ServerResponseFilter
    public void harden(ContainerResponseContext response) {
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.putSingle("X-Content-Type-Options", "nosniff");
        headers.putSingle("Referrer-Policy", "same-origin");
        if (!headers.containsKey("Content-Security-Policy")) {
            headers.putSingle(
                    "Content-Security-Policy",
                    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'");
        }
    }

    /** HTTP/2 has no Host header; its authority stands in the address. */
    private static String host(ContainerRequestContext request) {
        String header = request.getHeaderString("Host");
        return header == null
                ? String.valueOf(request.getUriInfo().getRequestUri().getAuthority())
                : header;
    }

    private boolean shows(ContainerRequestContext request) {
        if (access.token().isEmpty()) {
            return true;
        }
        String header = request.getHeaderString("Authorization");
        if (header != null && header.startsWith(BEARER)) {
            return same(header.substring(BEARER.length()));
        }
        Cookie cookie = request.getCookies().get(TOKEN_COOKIE);
        return cookie != null && same(cookie.getValue());
    }

    private boolean same(String shown) {
        return MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.UTF_8),
                access.token().orElseThrow().getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Response> unknown(ContainerRequestContext request, String path) {
        if (path.startsWith("/api/")) {
            return refuse(request, 401, "Unauthorized", "A token is needed: Authorization: Bearer …");
        }
        return Optional.of(Response.seeOther(URI.create("/login")).build());
    }

    private static boolean comesFrom(String origin, String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    private static Optional<Response> refuse(ContainerRequestContext request, int status, String title, String detail) {
        Response answer = Refusals.answer(Refusal.of(status, title, detail), request.getUriInfo());
        if (status == 401) {
            answer.getHeaders().putSingle("WWW-Authenticate", "Bearer");
        }
        return Optional.of(answer);
    }
}
