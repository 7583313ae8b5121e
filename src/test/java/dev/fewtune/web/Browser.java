package dev.fewtune.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A Chromium without a window, led over the W3C WebDriver protocol. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final URI session;

    private Browser(Process driver, URI driverAddress, int width) throws IOException, InterruptedException {
        this.driver = driver;
        String id = send("POST", driverAddress.resolve("/session"), capabilities(width))
                .path("sessionId")
                .asText();
        this.session = driverAddress.resolve("/session/" + id + "/");
    }

    /** Whether this machine has what it takes. */
    static boolean isHere() {
        return find("chromedriver").isPresent() && find("chromium").isPresent();
    }

    /** @param width of the screen in CSS pixels */
    static Browser open(int width) throws IOException, InterruptedException {
        Process driver = new ProcessBuilder(find("chromedriver").orElseThrow().toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader said = driver.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return new Browser(driver, URI.create("http://127.0.0.1:" + started.group(1)), width);
            }
        }
        throw new IOException("chromedriver ended without a word of its port.");
    }

    void go(String address) throws IOException, InterruptedException {
        send("POST", session.resolve("url"), Map.of("url", address));
    }

    /** What a script returns, as JSON. */
    JsonNode run(String script) throws IOException, InterruptedException {
        return send("POST", session.resolve("execute/sync"), Map.of("script", script, "args", List.of()));
    }

    /** The text of the first element that fits, or an empty text. */
    String text(String selector) throws IOException, InterruptedException {
        return run("const e = document.querySelector('%s'); return e ? e.textContent : '';".formatted(selector))
                .asText()
                .strip();
    }

    /** What the console complains about since the last time. */
    List<String> complaints() throws IOException, InterruptedException {
        JsonNode entries = send("POST", session.resolve("se/log"), Map.of("type", "browser"));
        return StreamSupport.stream(entries.spliterator(), false)
                .filter(entry -> entry.path("level").asText().matches("SEVERE|WARNING"))
                .map(entry -> entry.path("message").asText())
                .toList();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            send("DELETE", URI.create(session.toString().replaceFirst("/$", "")), null);
        } finally {
            driver.destroy();
            driver.waitFor();
        }
    }

    private static Map<String, Object> capabilities(int width) {
        Map<String, Object> chromium = Map.of(
                "binary", find("chromium").orElseThrow().toString(),
                "args",
                        List.of(
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync"),
                "mobileEmulation", Map.of("deviceMetrics", Map.of("width", width, "height", 900, "pixelRatio", 1)));
        return Map.of(
                "capabilities",
                Map.of(
                        "alwaysMatch",
                        Map.of("goog:chromeOptions", chromium, "goog:loggingPrefs", Map.of("browser", "ALL"))));
    }

    private JsonNode send(String verb, URI address, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .method(
                        verb,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("The browser answers %s: %s".formatted(answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body()).path("value");
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
