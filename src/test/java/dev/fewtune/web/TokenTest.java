package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server with a token lets nobody in without it. */
@Tag("server")
@QuarkusTest
@TestProfile(TokenTest.Guarded.class)
class TokenTest {
    public static class Guarded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("fewtune.token", "secret", "fewtune.home", "target/token-home");
        }
    }

    @Test
    void asksTheApiForItsToken() {
        given().get("/api/runs").then().statusCode(401).header("WWW-Authenticate", "Bearer");
        given().header("Authorization", "Bearer wrong").get("/api/runs").then().statusCode(401);
        given().header("Authorization", "Bearer secret").get("/api/runs").then().statusCode(200);
    }

    @Test
    void letsAnyHostNameInWithTheToken() {
        given().header("Authorization", "Bearer secret")
                .header("Host", "lab.example")
                .get("/api/runs")
                .then()
                .statusCode(200);
    }

    @Test
    void leadsPagesToTheLogin() {
        given().redirects()
                .follow(false)
                .get("/runs")
                .then()
                .statusCode(303)
                .header("Location", containsString("/login"));
        String csrf = given().get("/login").cookie("fewtune-csrf");
        login(csrf, "wrong").then().statusCode(403).body(containsString("not the token"));
        Response entered = login(csrf, "secret");
        assertThat(entered.statusCode()).isEqualTo(303);
        assertThat(entered.header("Set-Cookie")).contains("HttpOnly").contains("SameSite=Strict");
        given().cookie(Gate.TOKEN_COOKIE, "secret").get("/runs").then().statusCode(200);
    }

    @Test
    void showsHealthWithoutAToken() {
        for (String path : new String[] {"/q/health", "/q/health/live", "/q/health/ready"}) {
            given().get(path).then().statusCode(200);
        }
    }

    @Test
    void keepsMetricsAndTheDescriptionOfTheApiBehindTheToken() {
        for (String path : new String[] {"/q/metrics", "/q/openapi", "/q/metrics/", "//q/metrics", "/q/./metrics"}) {
            for (String token : new String[] {"", "wrong", "secretx", "secre"}) {
                assertThat(given().redirects()
                                .follow(false)
                                .urlEncodingEnabled(false)
                                .header("Authorization", "Bearer " + token)
                                .get(path)
                                .statusCode())
                        .as("%s with the token '%s'", path, token)
                        .isIn(303, 401, 404);
            }
        }
        given().get("/q/metrics").then().statusCode(401).contentType("application/problem+json");
        for (String path : new String[] {"/q/metrics", "/q/openapi", "/q/swagger-ui/"}) {
            given().header("Authorization", "Bearer secret").get(path).then().statusCode(200);
            given().cookie(Gate.TOKEN_COOKIE, "secret").get(path).then().statusCode(200);
        }
        given().redirects()
                .follow(false)
                .get("/q/swagger-ui/")
                .then()
                .statusCode(303)
                .header("Location", containsString("/login"));
    }

    @Test
    void showsWhatTheLoginIsMadeOfWithoutAToken() {
        for (String path : new String[] {"/login", "/style.css", "/icon.svg", "/webjars/htmx.org/dist/htmx.min.js"}) {
            given().get(path).then().statusCode(200);
        }
    }

    private static Response login(String csrf, String token) {
        return given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .cookie("fewtune-csrf", csrf)
                .formParam("csrf", csrf)
                .formParam("token", token)
                .post("/login");
    }
}
