package dev.fewtune.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses bodies of more than 1 MiB: at once where their length is told first, else as soon as so much was read. */
public class BodyLimit {
    private static final long MOST_BYTES = 1 << 20;

    @ServerRequestFilter(preMatching = true)
    public void check(ContainerRequestContext request) {
        if (request.getLength() > MOST_BYTES) {
            throw tooLarge("The body (%,d bytes)".formatted(request.getLength()));
        }
        if (request.getLength() < 0 && request.hasEntity()) {
            request.setEntityStream(new Counted(request.getEntityStream()));
        }
    }

    private static Refused tooLarge(String body) {
        return Refused.tooLarge("%s must not be larger than 1 MiB (%,d bytes).".formatted(body, MOST_BYTES));
    }

    private static final class Counted extends FilterInputStream {
        private long read;

        Counted(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int got = in.read(into, from, most);
            count(Math.max(got, 0));
            return got;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > MOST_BYTES) {
                throw tooLarge("The body");
            }
        }
    }
}
