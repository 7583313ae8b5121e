package dev.fewtune.testing;

import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.StepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small but real step: it writes the word that it is given behind the words of the cells that it needs. The words
 * {@code bug}, {@code sleep}, {@code io} (a failure in passing) and {@code full} (a full disk) do what they say.
 */
public record RecordedStep(String kind, Pool pool) implements StepKind {
    /** Words that fail as long as they stand here. */
    public static final Set<String> BROKEN = ConcurrentHashMap.newKeySet();

    /** Words that go on as long as they stand here. */
    public static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    /** Cells that run now, and the most that ever did, by kind. */
    public static final AtomicInteger RUNNING = new AtomicInteger();

    public static final AtomicInteger MOST = new AtomicInteger();

    @Override
    public StepSpec spec() {
        return new StepSpec(kind, "test", 1, pool, List.of(), Set.of(), Set.of(), false);
    }

    @Override
    public void execute(CellWork work) throws IOException, InterruptedException {
        MOST.accumulateAndGet(RUNNING.incrementAndGet(), Math::max);
        try {
            carryOut(work);
        } finally {
            RUNNING.decrementAndGet();
        }
    }

    private static void carryOut(CellWork work) throws IOException, InterruptedException {
        String word = (String) work.cell().settings().get("word");
        work.progress().log("word " + word);
        work.progress().metric("length", 1, word.length());
        if (word.equals("bug")) {
            throw new IllegalStateException("a bug");
        }
        if (word.equals("io")) {
            throw new IOException("no route");
        }
        if (word.equals("full")) {
            Files.writeString(Path.of("/dev/full"), word);
        }
        Path attempts = work.checkpoints().resolve("attempts");
        Files.writeString(attempts, "+", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.copy(attempts, work.out().resolve("attempts"));
        while (HELD.contains(word)) {
            work.progress().check();
            Thread.sleep(10);
        }
        for (int i = 0; word.startsWith("sleep") && i < 600; i++) {
            work.progress().at(i, 600);
            work.progress().check();
            Thread.sleep(50);
        }
        if (BROKEN.contains(word)) {
            throw CellFailure.yours("The word %s is broken.", word);
        }
        StringBuilder text = new StringBuilder();
        for (CellWork.Upstream upstream : work.upstream()) {
            if (upstream.files().containsKey("word.txt")) {
                text.append(Files.readString(upstream.files().get("word.txt"))).append(' ');
            }
        }
        Files.writeString(work.out().resolve("word.txt"), text.append(word));
    }
}
