package dev.fewtune.web;

import dev.fewtune.run.Changes;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks at a run twice a second, and at once when this process changes it, and sends what is new since the last look.
 * The first look sends everything, so who comes back has missed nothing.
 */
@Singleton
public class Live {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration REST = Duration.ofMillis(100);
    private static final String END = "end";
    private final Changes changes;
    private final Duration every;

    @Inject
    Live(Changes changes) {
        this(changes, LOOK);
    }

    Live(Changes changes, Duration every) {
        this.changes = changes;
        this.every = every;
    }

    /**
     * What is to be seen now.
     *
     * @param ended whether nothing will change any more
     */
    record Frame(List<Part> parts, boolean ended) {}

    /**
     * A part of what is to be seen.
     *
     * @param name of its event
     * @param version differs where the data differ
     * @param data asked for only when they are sent
     * @param within the name of an earlier part that contains this one and, where it is sent, replaces it; or null
     */
    record Part(String name, Object version, Supplier<?> data, String within) {
        Part(String name, Object version, Supplier<?> data) {
            this(name, version, data, null);
        }

        static Part of(String name, String text) {
            return new Part(name, text, () -> text);
        }
    }

    /** @param look called on a worker thread, never twice at a time */
    Multi<OutboundSseEvent> watch(long run, Sse sse, MediaType type, Supplier<Frame> look) {
        Changed changed = new Changed(sse, type);
        return signals(run)
                .select()
                .first(signal -> !changed.ended)
                .onItem()
                .transformToMultiAndConcatenate(signal -> events(look, changed));
    }

    /** Signals that come during a look melt into one. */
    private Multi<Long> signals(long run) {
        Multi<Long> ticks = Multi.createFrom().ticks().every(every).onOverflow().drop();
        Multi<Long> told = Multi.createFrom()
                .emitter(
                        emitter -> {
                            AutoCloseable listening = changes.listen(id -> {
                                if (id == run) {
                                    emitter.emit(id);
                                }
                            });
                            emitter.onTermination(() -> close(listening));
                        },
                        BackPressureStrategy.LATEST);
        // Listening begins before the first tick, or a change during the first look would be lost.
        return Multi.createBy().merging().withRequests(1).streams(told, ticks);
    }

    private static Multi<OutboundSseEvent> events(Supplier<Frame> look, Changed changed) {
        return Uni.createFrom()
                .item(look)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onItem()
                .transformToMulti(frame -> Multi.createFrom().iterable(changed.since(frame)))
                .onCompletion()
                .call(() -> Uni.createFrom().voidItem().onItem().delayIt().by(REST));
    }

    private static void close(AutoCloseable listening) {
        try {
            listening.close();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What one listener has seen. */
    private static final class Changed {
        private final Sse sse;
        private final MediaType type;
        private final Map<String, Object> seen = new HashMap<>();
        private volatile boolean ended;

        Changed(Sse sse, MediaType type) {
            this.sse = sse;
            this.type = type;
        }

        List<OutboundSseEvent> since(Frame frame) {
            List<OutboundSseEvent> events = new ArrayList<>();
            Set<String> sent = new HashSet<>();
            for (Part part : frame.parts()) {
                boolean differs = !part.version().equals(seen.put(part.name(), part.version()));
                if (differs && !sent.contains(part.within())) {
                    events.add(event(part.name(), part.data().get()));
                    sent.add(part.name());
                }
            }
            if (frame.ended()) {
                ended = true;
                events.add(event(END, type.equals(MediaType.APPLICATION_JSON_TYPE) ? Map.of() : ""));
            }
            return events;
        }

        private OutboundSseEvent event(String name, Object data) {
            return sse.newEventBuilder().name(name).mediaType(type).data(data).build();
        }
    }
}
