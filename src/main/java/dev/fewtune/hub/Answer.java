package dev.fewtune.hub;

import dev.fewtune.spec.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * An answer whose body is still to be read.
 *
 * @param ofHub whether the Hub itself sent it, and not a host that it named
 * @param announced what the Hub said of the file on the way
 */
record Answer(HttpResponse<Chunks> response, boolean ofHub, Announced announced) implements AutoCloseable {

    int status() {
        return response.statusCode();
    }

    HttpHeaders headers() {
        return response.headers();
    }

    /** Not the whole address: it may hold a signature. */
    String host() {
        return response.uri().getHost();
    }

    Optional<List<ByteBuffer>> next(Progress progress) throws IOException {
        return response.body().next(progress);
    }

    /** @throws IOException where the body is longer than the limit, or was cut */
    byte[] bytes(int limit, Progress progress) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (var chunk = next(progress); chunk.isPresent(); chunk = next(progress)) {
            for (ByteBuffer bytes : chunk.get()) {
                byte[] part = new byte[bytes.remaining()];
                bytes.get(part);
                all.write(part);
            }
            if (all.size() > limit) {
                throw new IOException("%s sent more than %s bytes".formatted(host(), limit));
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        response.body().close();
    }
}
