package dev.fewtune.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** The runs of a server that owns the home folder, over its API. */
final class RemoteDoor implements Door {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;
    private final String token;

    /** @param token or null where the server asks for none */
    RemoteDoor(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    @Override
    public long submit(Submission submission) {
        try {
            byte[] body = JSON.writeValueAsBytes(Map.of(
                    "workflow", submission.yaml(), "inputs", submission.plan().inputs()));
            return read(send("POST", "/api/runs", body)).path("id").asLong();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public RunView run(long id) {
        return parse(send("GET", "/api/runs/" + id, null), new TypeReference<>() {});
    }

    @Override
    public List<RunView> runs(int limit) {
        JsonNode page = read(send("GET", "/api/runs?limit=" + limit, null));
        return JSON.convertValue(page.isArray() ? page : page.path("items"), new TypeReference<>() {});
    }

    @Override
    public List<CellView> failed(long id) {
        JsonNode page = read(send("GET", "/api/runs/" + id + "/cells?state=FAILED", null));
        return JSON.convertValue(page.isArray() ? page : page.path("items"), new TypeReference<>() {});
    }

    @Override
    public void cancel(long id) {
        send("POST", "/api/runs/" + id + "/cancel", null);
    }

    @Override
    public void retry(long id, int ordinal) {
        send("POST", "/api/runs/" + id + (ordinal < 0 ? "/retry" : "/cells/" + ordinal + "/retry"), null);
    }

    @Override
    public String board(long id, String extension) {
        String format = Map.of("md", "markdown", "txt", "text", "tex", "latex").getOrDefault(extension, extension);
        return send("GET", "/api/runs/" + id + "/leaderboard?format=" + format, null);
    }

    private String send(String verb, String path, byte[] body) {
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
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                throw new Refused("%s answers %s to %s %s: %s"
                        .formatted(server, response.statusCode(), verb, path, response.body()));
            }
            return response.body();
        } catch (IOException unreachable) {
            throw new Refused("%s cannot be reached: %s".formatted(server, unreachable));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Refused("stopped while waiting for " + server);
        }
    }

    private static JsonNode read(String json) {
        return parse(json, new TypeReference<>() {});
    }

    private static <T> T parse(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException unexpected) {
            throw new Refused("The server sent something else than expected: " + unexpected.getMessage());
        }
    }

    /** The server said no, or nothing. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }
}
