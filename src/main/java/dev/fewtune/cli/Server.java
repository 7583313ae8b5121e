package dev.fewtune.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.workflow.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Calls to the API of a server. */
final class Server {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;
    private final String token;

    /** @param token or null where the server asks for none */
    Server(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /**
     * One call.
     *
     * @param body JSON, or null
     * @return the body of the answer
     * @throws Refused where the server says no or nothing
     */
    String send(String verb, String path, byte[] body) {
        return new String(exchange(verb, path, body), StandardCharsets.UTF_8);
    }

    /** A file. Failures as above. */
    byte[] bytes(String path) {
        return exchange("GET", path, null);
    }

    /** A file that is too large for memory. Failures as above. */
    void file(String path, Path target) {
        exchange(
                "GET",
                path,
                null,
                response -> response.statusCode() < 400
                        ? HttpResponse.BodySubscribers.mapping(
                                HttpResponse.BodySubscribers.ofFile(target), file -> new byte[0])
                        : HttpResponse.BodySubscribers.ofByteArray());
    }

    private byte[] exchange(String verb, String path, byte[] body) {
        return exchange(verb, path, body, HttpResponse.BodyHandlers.ofByteArray());
    }

    private byte[] exchange(String verb, String path, byte[] body, HttpResponse.BodyHandler<byte[]> handler) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .method(
                        verb,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (token != null && !token.isBlank()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<byte[]> response = client.send(request.build(), handler);
            if (response.statusCode() >= 400) {
                throw refused(response);
            }
            return response.body();
        } catch (IOException unreachable) {
            throw new Refused("%s cannot be reached: %s".formatted(server, unreachable));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Refused("Stopped while waiting for %s.".formatted(server));
        }
    }

    /** Out of a problem document; of other answers the status is all that helps. */
    private Refused refused(HttpResponse<byte[]> response) {
        try {
            JsonNode document = JSON.readTree(response.body());
            List<Problem> problems = document.has("problems")
                    ? JSON.convertValue(document.get("problems"), new TypeReference<>() {})
                    : List.of();
            return new Refused(document.path("detail").asText("The server refused it."), problems);
        } catch (IOException | IllegalArgumentException other) {
            return new Refused("%s answers %s to %s."
                    .formatted(server, response.statusCode(), response.request().uri()));
        }
    }

    /** The server said no, or nothing. */
    static final class Refused extends RuntimeException {
        private final transient List<Problem> problems;

        Refused(String message) {
            this(message, List.of());
        }

        Refused(String message, List<Problem> problems) {
            super(message);
            this.problems = List.copyOf(problems);
        }

        /** Of the workflow; empty for other refusals. */
        List<Problem> problems() {
            return problems;
        }
    }
}
