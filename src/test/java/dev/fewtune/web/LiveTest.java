package dev.fewtune.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewtune.run.Changes;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;

/** Live events, with a clock that strikes once an hour. */
class LiveTest {
    private static final long RUN = 7;
    private final Changes changes = new Changes();
    private final Live live = new Live(changes, Duration.ofHours(1));
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void looksAtOnceWhenThisProcessChangesTheRun() {
        listen(() -> frame(part("count", looks.incrementAndGet())));
        soon(List.of("count 1"));
        changes.tell(RUN + 1);
        changes.tell(RUN);
        soon(List.of("count 1", "count 2"));
    }

    @Test
    void missesNoChangeThatComesDuringALook() {
        AtomicInteger state = new AtomicInteger();
        listen(() -> {
            int seen = state.get();
            if (looks.incrementAndGet() == 1) {
                state.set(1);
                changes.tell(RUN);
            }
            return frame(part("state", seen));
        });
        soon(List.of("state 0", "state 1"));
    }

    @Test
    void sendsNothingTwice() {
        listen(() -> frame(part("same", "x"), part("count", looks.incrementAndGet())));
        soon(List.of("same x", "count 1"));
        changes.tell(RUN);
        soon(List.of("same x", "count 1", "count 2"));
    }

    @Test
    void sendsAPartOnlyWhereTheOneAroundItIsNotSent() {
        listen(() -> {
            int look = looks.incrementAndGet();
            Live.Part whole = part("whole", look / 3);
            return frame(whole, new Live.Part("row", look, () -> look, "whole"));
        });
        soon(List.of("whole 0"));
        changes.tell(RUN);
        soon(List.of("whole 0", "row 2"));
        changes.tell(RUN);
        soon(List.of("whole 0", "row 2", "whole 1"));
    }

    @Test
    void endsWithTheRun() {
        listen(() -> new Live.Frame(List.of(part("count", looks.incrementAndGet())), true));
        soon(List.of("count 1", "end "));
        changes.tell(RUN);
        await().until(() -> heard.contains("complete"));
        assertThat(looks).hasValue(1);
    }

    @Test
    void looksNoMoreOnceTheListenerHasLeft() {
        Cancellable listening = listen(() -> frame(part("count", looks.incrementAndGet())));
        soon(List.of("count 1"));
        listening.cancel();
        changes.tell(RUN);
        listen(() -> frame(part("other", 1)));
        await().until(() -> heard.contains("other 1"));
        assertThat(looks).hasValue(1);
    }

    private Cancellable listen(Supplier<Live.Frame> look) {
        return live.watch(RUN, SseImpl.INSTANCE, MediaType.TEXT_PLAIN_TYPE, look)
                .subscribe()
                .with(
                        event -> heard.add(event.getName() + " " + event.getData()),
                        failure -> heard.add(failure.toString()),
                        () -> heard.add("complete"));
    }

    private static Live.Frame frame(Live.Part... parts) {
        return new Live.Frame(List.of(parts), false);
    }

    private static Live.Part part(String name, Object value) {
        return new Live.Part(name, value, () -> value);
    }

    private void soon(List<String> events) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heard).isEqualTo(events));
    }
}
