package dev.fewtune.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Two servers on loopback that behave like the Hub and the host of its large files: listings with checksums, large files
 * behind a redirect with a signed address that takes no token, small ones at once, ranges with If-Range, error codes in
 * headers. What is planned for a file happens once each, in order, before the right answers.
 */
public final class LoopbackHub implements AutoCloseable {
    static final String LISTING = "listing";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer hub;
    private final HttpServer store;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Map<String, byte[]>> commits = new ConcurrentHashMap<>();
    private final Map<String, String> branches = new ConcurrentHashMap<>();
    private final Map<String, Long> claimedSizes = new ConcurrentHashMap<>();
    private final Map<String, Deque<Reply>> planned = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile String token = "";
    private volatile boolean gated;
    private volatile boolean terse;
    private volatile String movedTo = "";

    /**
     * A request that came.
     *
     * @param server hub or store
     * @param file {@link #LISTING}, or the name of a file
     * @param range empty where the whole file was asked for
     */
    public record Seen(String server, String file, String authorization, String range, String ifRange) {}

    /** How an answer is given. */
    interface Reply {
        void give(HttpExchange exchange, Served served) throws IOException;
    }

    public LoopbackHub() throws IOException {
        hub = server(this::answerAsHub);
        store = server(this::answerAsStore);
    }

    public URI endpoint() {
        return address(hub, "");
    }

    /** Lets a branch stand for a commit with these files. */
    public void push(String branch, String commit, Map<String, byte[]> files) {
        commits.put(commit, new TreeMap<>(files));
        branches.put(branch, commit);
    }

    void plan(String file, Reply... replies) {
        planned.computeIfAbsent(file, name -> new ArrayDeque<>()).addAll(List.of(replies));
    }

    /** Shows the models only to who brings the token. */
    void requireToken(String required) {
        token = required;
    }

    /** Gives files only to who accepted terms; nobody did. The list of files stays open to all. */
    void gate() {
        gated = true;
    }

    /** Lists names only, as mirrors do. */
    void listNamesOnly() {
        terse = true;
    }

    /** Sends requests for acme/tiny on to a model of another name. */
    void move(String organisation, String name) {
        movedTo = organisation + "/" + name;
    }

    void claimSize(String file, long size) {
        claimedSizes.put(file, size);
    }

    List<Seen> seen(String server, String file) {
        return seen.stream()
                .filter(request ->
                        request.server().equals(server) && request.file().equals(file))
                .toList();
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private HttpServer server(Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
        return server;
    }

    private static URI address(HttpServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void answerAsHub(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/");
        boolean listing = path[0].equals("api");
        String file = listing ? LISTING : path[4];
        Reply reply = note("hub", file, exchange, listing || !isLarge(file));
        if (reply != null) {
            reply.give(exchange, listing ? Served.of("[]") : small(path[3], file));
            return;
        }
        String repository = listing ? path[2] + "/" + path[3] : path[0] + "/" + path[1];
        if (!movedTo.isEmpty() && repository.equals("acme/tiny")) {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().toString().replace("acme/tiny", movedTo));
            exchange.sendResponseHeaders(307, -1);
            return;
        }
        if (gated && !listing) {
            refuse(exchange, given(exchange).isEmpty() ? 401 : 403, "GatedRepo", "Access to model is restricted.");
            return;
        }
        if (!token.isEmpty() && !given(exchange).equals("Bearer " + token)) {
            refuse(exchange, 401, "RepoNotFound", "Invalid username or password.");
            return;
        }
        if (!repository.equals(movedTo.isEmpty() ? "acme/tiny" : movedTo)) {
            refuse(exchange, 404, "RepoNotFound", "Repository not found");
            return;
        }
        if (listing) {
            list(exchange, URLDecoder.decode(path[5], StandardCharsets.UTF_8));
            return;
        }
        content(exchange, path[3], file);
    }

    private void list(HttpExchange exchange, String revision) throws IOException {
        String commit = branches.getOrDefault(revision, revision);
        if (!commits.containsKey(commit)) {
            refuse(exchange, 404, "RevisionNotFound", "Invalid rev id: " + revision);
            return;
        }
        ObjectNode root = JSON.createObjectNode().put("id", "acme/tiny").put("sha", commit);
        var siblings = root.putArray("siblings");
        commits.get(commit).forEach((name, bytes) -> {
            ObjectNode file = siblings.addObject().put("rfilename", name);
            if (!terse) {
                Served served = new Served(bytes, "");
                file.put("size", claimedSizes.getOrDefault(name, (long) bytes.length));
                file.put("blobId", served.gitBlob());
                if (isLarge(name)) {
                    file.putObject("lfs")
                            .put("sha256", served.sha256())
                            .put("size", bytes.length)
                            .put("pointerSize", 134);
                }
            }
        });
        new Served(JSON.writeValueAsBytes(root), "").whole(exchange);
    }

    private void content(HttpExchange exchange, String commit, String file) throws IOException {
        byte[] bytes = commits.getOrDefault(commit, Map.of()).get(file);
        if (bytes == null) {
            refuse(exchange, 404, "EntryNotFound", "Entry not found");
            return;
        }
        if (!isLarge(file)) {
            small(commit, file).asAsked(exchange);
            return;
        }
        Served served = new Served(bytes, "");
        exchange.getResponseHeaders().set("X-Linked-Etag", '"' + served.sha256() + '"');
        exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(bytes.length));
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        address(store, "/%s/%s?signature=secret".formatted(commit, file))
                                .toString());
        exchange.sendResponseHeaders(302, -1);
    }

    private void answerAsStore(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        Reply reply = note("store", path[1], exchange, true);
        if (!given(exchange).isEmpty()) {
            refuse(exchange, 400, "", "Only one way of authorization is allowed.");
            return;
        }
        Served served = new Served(commits.get(path[0]).get(path[1]), "\"store-1\"");
        if (reply == null) {
            served.asAsked(exchange);
            return;
        }
        reply.give(exchange, served);
    }

    private Served small(String commit, String file) {
        byte[] bytes = commits.get(commit).get(file);
        return new Served(bytes, '"' + new Served(bytes, "").gitBlob() + '"');
    }

    private Reply note(String server, String file, HttpExchange exchange, boolean isLast) {
        var headers = exchange.getRequestHeaders();
        seen.add(new Seen(
                server,
                file,
                given(exchange),
                headers.getOrDefault("Range", List.of("")).get(0),
                headers.getOrDefault("If-Range", List.of("")).get(0)));
        Deque<Reply> replies = planned.get(file);
        if (!isLast || replies == null) {
            return null;
        }
        synchronized (replies) {
            return replies.poll();
        }
    }

    private static String given(HttpExchange exchange) {
        return exchange.getRequestHeaders()
                .getOrDefault("Authorization", List.of(""))
                .get(0);
    }

    private static boolean isLarge(String file) {
        return file.endsWith(".safetensors") || file.endsWith(".model");
    }

    private static void refuse(HttpExchange exchange, int status, String code, String message) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.getResponseHeaders().set("X-Error-Message", message);
        exchange.sendResponseHeaders(status, -1);
    }
}
