package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.db.MariaDbServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One process with pages and two workers on one database, as they would stand in a cluster. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = MariaDbServer.ELSEWHERE)
class RolesIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final MariaDbServer database = new MariaDbServer();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Program.Started> processes = new HashMap<>();
    private URI web;

    @BeforeEach
    void startAll() throws IOException {
        Map<String, String> settings = new HashMap<>(database.start());
        settings.put("FEWTUNE_ARTIFACTS_DIR", folder.resolve("artifacts").toString());
        settings.put("FEWTUNE_CACHE_DIR", folder.resolve("cache").toString());
        int port = freePort();
        web = URI.create("http://127.0.0.1:" + port);
        // All at once, on an empty database: whoever comes first brings the tables.
        settings.put("QUARKUS_HTTP_PORT", "" + port);
        start("web", settings);
        settings.put("QUARKUS_HTTP_PORT", "0");
        start("worker-1", settings);
        start("worker-2", settings);
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> get("/q/health/ready").path("status").asText().equals("UP"));
    }

    @AfterEach
    void stopAll() throws InterruptedException {
        processes.values().forEach(process -> process.process().destroy());
        for (Program.Started process : processes.values()) {
            if (!process.process().waitFor(20, TimeUnit.SECONDS)) {
                process.process().destroyForcibly().waitFor();
            }
        }
        database.stop();
    }

    @Test
    void sharesTheCellsOfARunBetweenTwoWorkers() throws Exception {
        long run = submit(Map.of("methods", List.of("lora", "head-only"), "seeds", List.of(1, 2)));
        succeeds(run);
        assertThat(workersOf(run)).containsExactlyInAnyOrder("worker-1", "worker-2");
    }

    @Test
    void finishesARunOfWhichOneWorkerWasKilledWhileItTrained() throws Exception {
        long run = submit(Map.of("epochs", 6));
        await().atMost(Duration.ofMinutes(3)).until(() -> trainer(run) != null && checkpoints());
        String killed = trainer(run);
        processes.get(killed).process().destroyForcibly().waitFor();
        succeeds(run);
        JsonNode attempts = get("/api/runs/" + run + "/cells/" + training(run).path("ordinal"))
                .path("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(name(attempts.get(0).path("worker").asText())).isEqualTo(killed);
        assertThat(name(attempts.get(1).path("worker").asText())).isNotEqualTo(killed);
        assertThat(attempts.get(0).path("cause").asText()).isEqualTo("INFRA");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void start(String name, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("FEWTUNE_ROLE", name.replaceAll("-.*", ""));
        processes.put(name, Program.start(folder.resolve(name), all));
    }

    private long submit(Map<String, Object> inputs) throws IOException, InterruptedException {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Files.exists(folder.resolve("worker-1/worker.id"))
                        && Files.exists(folder.resolve("worker-2/worker.id")));
        for (Program.Started process : processes.values()) {
            assertThat(process.process().isAlive())
                    .as(Files.readString(process.err()))
                    .isTrue();
        }
        String body = JSON.writeValueAsString(
                Map.of("workflow", Files.readString(Path.of("workflows/small.yaml")), "inputs", inputs));
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(web.resolve("/api/runs"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return JSON.readTree(response.body()).path("id").asLong();
    }

    private void succeeds(long run) throws Exception {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> !Set.of("RUNNING", "CANCELLING")
                        .contains(get("/api/runs/" + run).path("state").asText()));
        assertThat(get("/api/runs/" + run).path("state").asText()).isEqualTo("SUCCEEDED");
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(
                client.send(HttpRequest.newBuilder(web.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private JsonNode training(long run) throws IOException, InterruptedException {
        return get("/api/runs/" + run + "/cells?step=tune").path("items").path(0);
    }

    /** The worker that trains, or null. */
    private String trainer(long run) throws IOException, InterruptedException {
        JsonNode cell = training(run);
        return cell.path("state").asText().equals("RUNNING")
                ? name(cell.path("worker").asText())
                : null;
    }

    private Set<String> workersOf(long run) throws IOException, InterruptedException {
        JsonNode cells = get("/api/runs/" + run + "/cells").path("items");
        return StreamSupport.stream(cells.spliterator(), false)
                .map(cell -> name(cell.path("worker").asText()))
                .collect(Collectors.toSet());
    }

    /** A boot begins like the worker's own number, which lies in its home folder. */
    private String name(String boot) {
        return List.of("worker-1", "worker-2").stream()
                .filter(worker -> {
                    try {
                        return Files.readString(folder.resolve(worker).resolve("worker.id"))
                                .startsWith(boot.substring(0, 8));
                    } catch (IOException unreadable) {
                        return false;
                    }
                })
                .findFirst()
                .orElse(boot);
    }

    private boolean checkpoints() throws IOException {
        try (var files = Files.walk(folder.resolve("artifacts"))) {
            return files.anyMatch(file -> file.endsWith("state.safetensors"));
        }
    }
}
