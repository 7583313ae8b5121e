package dev.fewtune.hub;

import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, chunk by chunk as it arrives. Unlike an input stream it can be given up while the network is
 * silent.
 */
final class Chunks implements BodySubscriber<Chunks>, AutoCloseable {
    private static final int AHEAD = 4;

    private final LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final Duration silence;
    private Flow.Subscription subscription;
    private boolean closed;

    /**
     * @param bytes null at the end
     * @param fault null where all went well
     */
    private record Arrival(List<ByteBuffer> bytes, Throwable fault) {}

    /** @param silence without a byte after which the connection counts as cut */
    Chunks(Duration silence) {
        this.silence = silence;
    }

    /**
     * The next bytes; empty at the end.
     *
     * @throws IOException where the connection was cut or fell silent
     * @throws dev.fewtune.spec.CancelledException where progress says so
     */
    Optional<List<ByteBuffer>> next(Progress progress) throws IOException {
        long deadline = System.nanoTime() + silence.toNanos();
        while (true) {
            progress.check();
            Arrival arrival = poll();
            if (arrival != null) {
                return opened(arrival);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("no byte came for %s s".formatted(silence.toMillis() / 1000.0));
            }
        }
    }

    /** Gives up what has not arrived. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public CompletionStage<Chunks> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
            return;
        }
        given.request(AHEAD);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        arrivals.add(new Arrival(bytes, null));
    }

    @Override
    public void onError(Throwable fault) {
        arrivals.add(new Arrival(null, fault));
    }

    @Override
    public void onComplete() {
        arrivals.add(new Arrival(null, null));
    }

    private Arrival poll() {
        try {
            return arrivals.poll(Waiting.TICK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }

    private Optional<List<ByteBuffer>> opened(Arrival arrival) throws IOException {
        if (arrival.fault() != null) {
            throw new IOException(Wire.reason(arrival.fault()), arrival.fault());
        }
        if (arrival.bytes() == null) {
            return Optional.empty();
        }
        synchronized (this) {
            subscription.request(1);
        }
        return Optional.of(arrival.bytes());
    }
}
