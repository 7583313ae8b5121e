package dev.fewtune.hub;

import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** GET requests to the Hub and to the hosts that it sends us on to; only the Hub sees the token. */
final class Wire {
    private static final int MOST_REDIRECTS = 10;

    private final HubSettings settings;
    private final HttpClient client;

    Wire(HubSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                // Files come one after another, so that HTTP/2 would bring nothing but its flow control.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.patience().silence())
                .build();
    }

    /**
     * The first answer that is no redirect; to be closed.
     *
     * @throws IOException where no answer came
     * @throws dev.fewtune.spec.CancelledException where progress says so
     */
    Answer get(URI address, Map<String, String> headers, Progress progress) throws IOException {
        URI at = address;
        Announced announced = Announced.NOTHING;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            boolean ofHub = Redirect.sameOrigin(at, settings.endpoint());
            HttpResponse<Chunks> response = send(request(at, ofHub, headers), progress);
            if (ofHub) {
                announced = announced.or(Announced.in(response));
            }
            if (!Redirect.is(response.statusCode())) {
                return new Answer(response, ofHub, announced);
            }
            response.body().close();
            at = Redirect.follow(at, response.headers().firstValue("Location").orElse(""));
        }
        throw new IOException("%s sent us on more than %s times".formatted(at.getHost(), MOST_REDIRECTS));
    }

    /** What a fault of the network is, in words. */
    static String reason(Throwable fault) {
        String message = fault.getMessage() == null && fault.getCause() != null
                ? fault.getCause().getMessage()
                : fault.getMessage();
        return message == null ? fault.getClass().getSimpleName() : message;
    }

    private HttpRequest request(URI at, boolean ofHub, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at)
                .header("User-Agent", "fewtune")
                // Sizes, ranges and checksums are those of the plain bytes.
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (ofHub && settings.hasToken()) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return request.build();
    }

    private HttpResponse<Chunks> send(HttpRequest request, Progress progress) throws IOException {
        CompletableFuture<HttpResponse<Chunks>> coming = client.sendAsync(
                request, ignored -> new Chunks(settings.patience().silence()));
        boolean taken = false;
        try {
            HttpResponse<Chunks> response = await(coming, progress);
            taken = true;
            return response;
        } finally {
            if (!taken) {
                coming.cancel(true);
                coming.thenAccept(late -> late.body().close());
            }
        }
    }

    /** Own timing: from Java 26 on, the timeout of a request ends its body too, however well it flows. */
    private HttpResponse<Chunks> await(CompletableFuture<HttpResponse<Chunks>> coming, Progress progress)
            throws IOException {
        Duration silence = settings.patience().silence();
        long deadline = System.nanoTime() + silence.toNanos();
        while (System.nanoTime() - deadline < 0) {
            progress.check();
            try {
                return coming.get(Waiting.TICK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                continue;
            } catch (ExecutionException e) {
                throw new IOException(reason(e.getCause()), e.getCause());
            } catch (InterruptedException e) {
                throw Waiting.interrupted(e);
            }
        }
        throw new IOException("no answer came for %s s".formatted(silence.toMillis() / 1000.0));
    }
}
