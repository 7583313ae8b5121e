package dev.fewtune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.fewtune.leaderboard.Format;
import dev.fewtune.step.Catalogs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteDoorTest {
    private static final Submission SMALL =
            new WorkflowFile(Catalogs.builtIn()).submission(Path.of("workflows/small.yaml"), Map.of());
    private HttpServer server;
    private RemoteDoor door;
    private String asked;
    private String authorization;
    private int status = 201;
    private String answer = "{\"id\": 5}";
    private Charset charset = StandardCharsets.UTF_8;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI() + "\n"
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] body = answer.getBytes(charset);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        door = new RemoteDoor(
                new Server(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "secret"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sendsTheFolderThatThePathsOfDataAreRelativeTo() throws IOException {
        assertThat(door.submit(SMALL)).isEqualTo(5);

        JsonNode body = new ObjectMapper().readTree(asked.substring(asked.indexOf('\n')));
        assertThat(body.get("folder").asText())
                .isEqualTo(Path.of("workflows").toAbsolutePath().toString());
        assertThat(body.get("workflow").asText()).startsWith("schema: fewtune/v1");
        assertThat(body.get("inputs").get("epochs").asInt()).isEqualTo(1);
        assertThat(authorization).isEqualTo("Bearer secret");
    }

    @Test
    void bringsTheFolderForPeftFileByFile() {
        answer = "{\"peft/adapter_config.json\": 2, \"train.json\": 3}";

        assertThat(door.adapter(7, 3)).containsOnlyKeys("adapter_config.json");
        assertThat(asked).startsWith("/api/runs/7/cells/3/artifacts/peft/adapter_config.json");
    }

    @Test
    void bringsAMergedNetworkAsAWholeFolderOrNone(@TempDir Path folder) throws IOException {
        charset = StandardCharsets.ISO_8859_1;
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(zip)) {
            entries.putNextEntry(new ZipEntry("config.json"));
            entries.write("{}".getBytes(charset));
        }
        answer = zip.toString(charset);
        status = 200;

        door.merged(7, 3, folder.resolve("model"));
        assertThat(folder.resolve("model/config.json")).hasContent("{}");
        assertThat(asked).startsWith("/api/runs/7/cells/3/merged");

        status = 422;
        answer = "{\"status\": 422, \"detail\": \"houlsby cannot be merged.\"}";
        assertThatThrownBy(() -> door.merged(7, 3, folder.resolve("other"))).hasMessage("houlsby cannot be merged.");
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("model"));
    }

    @Test
    void tellsHowAServerMayReadDataThatItMayNot() {
        status = 422;
        answer = """
                {"type": "about:blank", "title": "Invalid workflow", "status": 422, "detail": "The workflow has 1 problem.",
                 "problems": [{"file": "workflow", "line": 5, "column": 9, "code": "file", "message": "'x.tsv' may not be read",
                               "excerpt": "", "maybe": ""}]}
                """;

        assertThatThrownBy(() -> door.submit(SMALL))
                .isInstanceOf(WorkflowFile.Invalid.class)
                .hasMessageContaining("workflows/small.yaml:5:9: 'x.tsv' may not be read")
                .hasMessageContaining("Maybe: start the server with FEWTUNE_DATA_ROOTS="
                        + Path.of("workflows").toAbsolutePath());
    }

    @Test
    void saysInWordsWhatTheServerRefuses() {
        status = 404;
        answer = "{\"status\": 404, \"detail\": \"There is no run 77.\"}";

        assertThatThrownBy(() -> door.board(77, Format.MARKDOWN)).hasMessage("There is no run 77.");
        assertThat(asked).startsWith("/api/runs/77/leaderboard?format=markdown");
    }

    @Test
    void namesTheCallWhoseAnswerIsNoneOfOurs() {
        status = 502;
        answer = "<html>Bad gateway</html>";

        assertThatThrownBy(() -> door.cancel(3))
                .hasMessageContaining("answers 502 to http://127.0.0.1:")
                .hasMessageContaining("/api/runs/3/cancel");
    }

    @Test
    void namesTheServerThatDoesNotAnswer() {
        server.stop(0);

        assertThatThrownBy(() -> door.run(1)).hasMessageContaining("cannot be reached");
    }
}
