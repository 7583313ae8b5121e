package dev.fewtune.hub;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/**
 * Bytes that a test server gives out, and the ways to do so, right and wrong.
 *
 * @param etag with its quotes; empty for none
 */
record Served(byte[] bytes, String etag) {

    static Served of(String text) {
        return new Served(text.getBytes(StandardCharsets.UTF_8), "");
    }

    /** Only a status. */
    static LoopbackHub.Reply status(int status) {
        return (exchange, served) -> exchange.sendResponseHeaders(status, -1);
    }

    static LoopbackHub.Reply statusWithWait(int status, String seconds) {
        return (exchange, served) -> {
            exchange.getResponseHeaders().set("Retry-After", seconds);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /**
     * What was asked for, but cut after some bytes. A client may lose what it has not read when it notices the cut;
     * therefore it comes once the bytes have arrived.
     *
     * @param arrived the bytes that the client has, in all
     */
    static LoopbackHub.Reply cutAfter(int count, LongSupplier arrived) {
        return (exchange, served) -> served.first(exchange, count, arrived);
    }

    /** Under another entity tag than the next answers. */
    static LoopbackHub.Reply cutAfter(int count, String etag, LongSupplier arrived) {
        return (exchange, served) -> new Served(served.bytes(), etag).first(exchange, count, arrived);
    }

    /** The whole file, whatever part was asked for. */
    static LoopbackHub.Reply ignoringRanges() {
        return (exchange, served) -> served.whole(exchange);
    }

    /** Other bytes of the same length, but what was asked for of them. */
    static LoopbackHub.Reply damaged() {
        return (exchange, served) -> {
            byte[] other = served.bytes().clone();
            other[other.length / 2] ^= 1;
            new Served(other, served.etag()).asAsked(exchange);
        };
    }

    /** A whole answer that is shorter than the file. */
    static LoopbackHub.Reply shortened(int count) {
        return (exchange, served) -> new Served(Arrays.copyOf(served.bytes(), count), served.etag()).whole(exchange);
    }

    /** A part that begins elsewhere than was asked for. */
    static LoopbackHub.Reply wrongPart() {
        return (exchange, served) -> served.part(exchange, 1);
    }

    /** The part that was asked for, of a content with another entity tag, as by a server that ignores If-Range. */
    static LoopbackHub.Reply partOfOther(String etag) {
        return (exchange, served) -> new Served(served.bytes(), etag).part(exchange, served.from(exchange));
    }

    static LoopbackHub.Reply noSuchRange() {
        return (exchange, served) -> exchange.sendResponseHeaders(416, -1);
    }

    /** The right answer, once the gate is open. */
    static LoopbackHub.Reply heldBack(CountDownLatch gate) {
        return (exchange, served) -> {
            pass(gate);
            served.asAsked(exchange);
        };
    }

    /** Some bytes, then silence until the gate is open, then an end before the time. */
    static LoopbackHub.Reply silentAfter(int count, CountDownLatch gate) {
        return (exchange, served) -> {
            served.head(exchange, 0, 200);
            exchange.getResponseBody().write(served.bytes(), 0, count);
            exchange.getResponseBody().flush();
            pass(gate);
        };
    }

    /** A right answer: the part that was asked for where the entity tag is still the same, else all. */
    void asAsked(HttpExchange exchange) throws IOException {
        List<String> ifRange = exchange.getRequestHeaders().getOrDefault("If-Range", List.of(etag));
        if (from(exchange) == 0 || !ifRange.get(0).equals(etag)) {
            whole(exchange);
            return;
        }
        if (from(exchange) >= bytes.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        part(exchange, from(exchange));
    }

    void whole(HttpExchange exchange) throws IOException {
        head(exchange, 0, 200);
        exchange.getResponseBody().write(bytes);
    }

    String sha256() {
        return hash("SHA-256", bytes);
    }

    String gitBlob() {
        byte[] head = "blob %s\0".formatted(bytes.length).getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        return hash("SHA-1", all);
    }

    private void first(HttpExchange exchange, int count, LongSupplier arrived) throws IOException {
        int from = from(exchange);
        head(exchange, from, from == 0 ? 200 : 206);
        exchange.getResponseBody().write(bytes, from, count);
        exchange.getResponseBody().flush();
        await().atMost(Duration.ofMinutes(1)).until(() -> arrived.getAsLong() >= from + count);
    }

    private void part(HttpExchange exchange, int from) throws IOException {
        head(exchange, from, 206);
        exchange.getResponseBody().write(bytes, from, bytes.length - from);
    }

    private void head(HttpExchange exchange, int from, int status) throws IOException {
        if (!etag.isEmpty()) {
            exchange.getResponseHeaders().set("ETag", etag);
        }
        if (status == 206) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %s-%s/%s".formatted(from, bytes.length - 1, bytes.length));
        }
        exchange.sendResponseHeaders(status, bytes.length - from);
    }

    private int from(HttpExchange exchange) {
        String range = exchange.getRequestHeaders()
                .getOrDefault("Range", List.of("bytes=0-"))
                .get(0);
        return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }

    private static void pass(CountDownLatch gate) throws IOException {
        try {
            gate.await();
        } catch (InterruptedException closed) {
            throw new IOException(closed);
        }
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
