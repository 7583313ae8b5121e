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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A small but real step: it writes the word that it is given behind the words of the cells that it needs, and a score
 * where the word begins with {@code score}. The words {@code sleep}, {@code io} (a failure in passing), {@code full} (a
 * full disk) and those of {@link #THROWN} do what they say.
 */
public record RecordedStep(String kind, Pool pool) implements StepKind {
    /** Words that fail as long as they stand here. */
    public static final Set<String> BROKEN = ConcurrentHashMap.newKeySet();

    /** Words that go on as long as they stand here. */
    public static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    /** Cells that run now, and the most that ever did, by kind. */
    public static final AtomicInteger RUNNING = new AtomicInteger();

    public static final AtomicInteger MOST = new AtomicInteger();

    /** What is thrown at these words. */
    private static final Map<String, Supplier<Throwable>> THROWN = Map.of(
            "bug", () -> new IllegalStateException("a bug"),
            "link", () -> new UnsatisfiedLinkError("no native library"),
            "class", () -> new NoClassDefFoundError("dev/fewtune/Absent"),
            "memory", () -> new OutOfMemoryError("Java heap space"));

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
        if (THROWN.containsKey(word)) {
            RecordedStep.<RuntimeException>sneak(THROWN.get(word).get());
        }
        if (word.equals("deep")) {
            deeper(1);
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
        if (word.equals("peft")) {
            Path folder = Files.createDirectory(work.out().resolve("peft"));
            Files.writeString(folder.resolve("adapter_config.json"), "{}");
        }
        if (word.equals("grids")) {
            Files.writeString(
                    work.out().resolve("grids.json"),
                    "[{\"title\": \"Alike\", \"rows\": [\"one\", \"<two>\"], \"columns\": [\"one\"], "
                            + "\"values\": [[1.0], [-0.25]], \"low\": -1.0, \"high\": 1.0}]");
        }
        if (word.startsWith("score")) {
            Files.writeString(work.out().resolve("score.json"), "{\"attempt\": %d}".formatted(work.attempt()));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }
}
