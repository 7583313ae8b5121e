package dev.fewtune.web;

import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A client of server-sent events that keeps what it hears. */
final class Listener implements AutoCloseable {
    private final List<Event> heard = new CopyOnWriteArrayList<>();
    private final Stream<String> lines;

    record Event(String name, String data) {
        JsonPath json() {
            return new JsonPath(data);
        }
    }

    private Listener(Stream<String> lines) {
        this.lines = lines;
        Thread ear = new Thread(this::hear, "listener");
        ear.setDaemon(true);
        ear.start();
    }

    static Listener of(String path) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("%s answers %s.".formatted(path, response.statusCode()));
        }
        return new Listener(response.body());
    }

    /** What came so far, oldest first. */
    List<Event> heard() {
        return heard;
    }

    List<Event> heard(String name) {
        return heard.stream().filter(event -> event.name().equals(name)).toList();
    }

    boolean ended() {
        return !heard("end").isEmpty();
    }

    /** Whether the newest event of the name has this state. */
    boolean knows(String name, String state) {
        List<Event> all = heard(name);
        return !all.isEmpty() && state.equals(all.get(all.size() - 1).json().getString("state"));
    }

    private void hear() {
        try {
            StringBuilder data = new StringBuilder();
            String[] name = {""};
            lines.forEach(line -> {
                if (line.startsWith("event:")) {
                    name[0] = line.substring(6);
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5)).append('\n');
                } else if (line.isEmpty()) {
                    heard.add(new Event(name[0], data.toString()));
                    data.setLength(0);
                }
            });
        } catch (UncheckedIOException closed) {
            // The other side, or close(), has hung up.
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
