package dev.fewtune.web;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks twice a second and sends what has changed; a reconnect gets everything anew. */
final class Live {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final String END = "end";

    private Live() {}

    /**
     * What is to be seen now.
     *
     * @param parts text by name of its event
     * @param ended whether nothing will change any more
     */
    record Frame(Map<String, Object> parts, boolean ended) {}

    static Multi<OutboundSseEvent> watch(Sse sse, MediaType type, Supplier<Frame> look) {
        Changed changed = new Changed(sse, type);
        return Multi.createFrom()
                .ticks()
                .every(LOOK)
                .onOverflow()
                .drop()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .onItem()
                .transform(tick -> look.get())
                .select()
                .first(frame -> !changed.ended)
                .onItem()
                .transformToMultiAndConcatenate(frame -> Multi.createFrom().iterable(changed.since(frame)));
    }

    /** What one listener has seen. */
    private static final class Changed {
        private final Sse sse;
        private final MediaType type;
        private final Map<String, Object> seen = new HashMap<>();
        private boolean ended;

        Changed(Sse sse, MediaType type) {
            this.sse = sse;
            this.type = type;
        }

        List<OutboundSseEvent> since(Frame frame) {
            List<OutboundSseEvent> events = new ArrayList<>();
            frame.parts().forEach((name, data) -> {
                if (!data.equals(seen.put(name, data))) {
                    events.add(event(name, data));
                }
            });
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
