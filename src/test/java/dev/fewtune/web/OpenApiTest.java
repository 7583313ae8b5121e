package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The description of the API says what the API does. */
@Tag("server")
@QuarkusTest
@SuppressWarnings("unchecked")
class OpenApiTest {
    private static final String PROBLEM = "#/components/schemas/Refusal";
    private JsonPath document;

    @BeforeEach
    void read() {
        document = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @ParameterizedTest
    @CsvSource({
        "post, /api/workflows/validate, 200 401 413",
        "get, /api/workflows, 200 401",
        "get, /api/workflows/{name}, 200 401 404",
        "put, /api/workflows/{name}, 200 401 413 422",
        "post, /api/runs, 201 400 401 409 413 422",
        "get, /api/runs, 200 400 401",
        "get, /api/runs/{id}, 200 401 404",
        "get, /api/runs/{id}/plan, 200 401 404",
        "get, /api/runs/{id}/workflow, 200 401 404",
        "get, /api/runs/{id}/cells, 200 400 401 404",
        "get, /api/runs/{id}/cells/{n}, 200 401 404",
        "get, /api/runs/{id}/cells/{n}/log, 200 400 401 404",
        "get, /api/runs/{id}/cells/{n}/metrics, 200 401 404",
        "get, /api/runs/{id}/cells/{n}/adapter, 200 401 404",
        "get, /api/runs/{id}/cells/{n}/merged, 200 401 404 422",
        "get, /api/runs/{id}/cells/{n}/artifacts, 200 401 404",
        "get, /api/runs/{id}/cells/{n}/artifacts/{path}, 200 401 404",
        "post, /api/runs/{id}/cancel, 200 401 404",
        "post, /api/runs/{id}/retry, 200 401 404 409",
        "post, /api/runs/{id}/cells/{n}/retry, 200 401 404 409",
        "post, /api/runs/{id}/cells/{n}/rerun, 200 401 404 409",
        "get, /api/runs/{id}/events, 200 401 404",
        "get, /api/runs/{id}/leaderboard, 200 400 401 404",
        "get, /api/leaderboard, 200 400 401 404",
        "get, /api/methods, 200 401",
        "get, /api/backbones, 200 401",
        "get, /api/tasks, 200 401",
        "get, /schema/workflow.json, 200",
    })
    void tellsTheAnswersOfEveryCall(String verb, String path, String statuses) {
        Map<String, Object> operation = operation(verb, path);
        assertThat(operation).as("%s %s", verb, path).isNotNull();
        assertThat(map(operation, "responses").keySet()).containsExactlyInAnyOrder(statuses.split(" "));
        assertThat((String) operation.get("summary")).isNotBlank();
        map(operation, "responses").forEach((status, response) -> {
            if (status.startsWith("4")) {
                assertThat(reference((Map<String, Object>) response, "application/problem+json"))
                        .as("%s of %s %s", status, verb, path)
                        .isEqualTo(PROBLEM);
            }
        });
    }

    @Test
    void givesTheBodyOfANewRunItsFields() {
        Map<String, Object> body = map(operation("post", "/api/runs"), "requestBody");
        assertThat(reference(body, "application/json")).isEqualTo("#/components/schemas/RunRequest");
        assertThat(map(body, "content")).containsKey("application/yaml");
        assertThat(map(schema("RunRequest"), "properties")).containsOnlyKeys("workflow", "inputs", "folder");
        assertThat((List<?>) schema("RunRequest").get("required")).hasSize(1);
        Map<String, Object> made = map(map(operation("post", "/api/runs"), "responses"), "201");
        assertThat(reference(made, "application/json")).isEqualTo("#/components/schemas/Made");
    }

    @Test
    void namesTheIdempotencyKeyAndTheVersionOfAWorkflow() {
        assertThat(parameters("post", "/api/runs")).contains("Idempotency-Key");
        assertThat(parameters("get", "/api/workflows/{name}")).containsExactlyInAnyOrder("name", "version");
    }

    @Test
    void describesAProblemDocument() {
        assertThat(map(schema("Refusal"), "properties"))
                .containsOnlyKeys("type", "title", "status", "detail", "problems");
        assertThat(map(schema("Problem"), "properties")).containsKeys("line", "column", "code", "message", "maybe");
    }

    @Test
    void asksForABearerToken() {
        Map<String, Object> scheme = document.getMap("components.securitySchemes.token");
        assertThat(scheme).containsEntry("type", "http").containsEntry("scheme", "bearer");
        assertThat(document.getList("security")).contains(Map.of("token", List.of()));
        assertThat(operation("get", "/schema/workflow.json").get("security")).isEqualTo(List.of());
    }

    @Test
    void leavesThePagesOut() {
        assertThat(document.<String, Object>getMap("paths").keySet())
                .allMatch(path -> path.startsWith("/api/") || path.equals("/schema/workflow.json"));
    }

    private Map<String, Object> operation(String verb, String path) {
        Map<String, Object> operations =
                (Map<String, Object>) document.getMap("paths").get(path);
        assertThat(operations).as(path).isNotNull();
        return map(operations, verb);
    }

    private List<String> parameters(String verb, String path) {
        return ((List<Map<String, Object>>) operation(verb, path).get("parameters"))
                .stream().map(parameter -> (String) parameter.get("name")).toList();
    }

    private Map<String, Object> schema(String name) {
        return document.getMap("components.schemas." + name);
    }

    private static String reference(Map<String, Object> bodyOrAnswer, String type) {
        return (String) map(map(map(bodyOrAnswer, "content"), type), "schema").get("$ref");
    }

    private static Map<String, Object> map(Map<String, Object> parent, String name) {
        assertThat(parent).as("what holds %s", name).isNotNull();
        return (Map<String, Object>) parent.get(name);
    }
}
