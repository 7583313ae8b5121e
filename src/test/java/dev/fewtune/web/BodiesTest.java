package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No body is larger than 1 MiB, whether its length is told first or not. */
@Tag("server")
@QuarkusTest
class BodiesTest {
    private static final String PROBLEM = "application/problem+json";

    @ParameterizedTest
    @CsvSource({
        "/api/runs, application/json, 1100000",
        "/api/runs, application/json, 3000000",
        "/api/runs, application/yaml, 1100000",
        "/api/runs, application/yaml, 12000000",
        "/api/workflows/validate, application/yaml, 1100000",
    })
    void countsABodyThatComesInPieces(String path, String type, int bytes) throws Exception {
        HttpResponse<String> answer = inPieces(path, type, "# " + "x".repeat(bytes));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(PROBLEM);
        assertThat(answer.body()).contains("1 MiB (1,048,576 bytes)").contains("\"status\":413");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_100_000, 3_000_000})
    void countsAFormThatComesInPieces(int bytes) throws Exception {
        HttpResponse<String> answer =
                inPieces("/new", "application/x-www-form-urlencoded", "csrf=x&yaml=" + "x".repeat(bytes));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(answer.body()).contains("1 MiB (1,048,576 bytes)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_100_000, 3_000_000, 12_000_000})
    void refusesALengthThatIsToldFirstNamingIt(int bytes) {
        given().contentType("application/json")
                .body(" ".repeat(bytes))
                .post("/api/runs")
                .then()
                .statusCode(413)
                .contentType(PROBLEM)
                .body("detail", containsString("%,d bytes".formatted(bytes)));
    }

    @Test
    void readsABodyInPiecesThatIsSmallEnough() throws Exception {
        String small = given().get("/api/workflows/small").jsonPath().getString("yaml");
        String padded = small + "# " + "x".repeat(1_040_000 - small.length());
        HttpResponse<String> answer = inPieces("/api/workflows/validate", "application/yaml", padded);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"valid\":true");
    }

    /** Without a length: in HTTP/1.1 as chunks. */
    private static HttpResponse<String> inPieces(String path, String type, String body)
            throws IOException, InterruptedException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
                .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
    }
}
