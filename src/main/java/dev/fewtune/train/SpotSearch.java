package dev.fewtune.train;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Source;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Chooses what SPoT starts from (Vu et al., arXiv 2110.07904, section 3). Where sources are compared with the target, a
 * plain prompt is trained on the target first, for few epochs, as the target's embedding; it starts from sampled token rows
 * and is thrown away. Of several trainings that one is kept whose best epoch scores highest on validation; all of them
 * count as cost.
 */
public final class SpotSearch {
    public static final String METHOD = "spot";

    private static final String PLAIN = "prompt-tuning";

    private final Supply supply;
    private final List<Learned> learned;
    private final Task task;

    /**
     * One target.
     *
     * @param request by the method spot, with nothing given yet
     * @param out folder of what is kept
     * @param checkpoints folder that outlives an interrupted attempt
     */
    public record Task(
            TrainRequest request,
            Encoded train,
            Encoded validation,
            Judge judge,
            Path out,
            Path checkpoints,
            Progress progress) {}

    /**
     * What came of it.
     *
     * @param request with the start that was kept
     * @param similarities of each source to the target, by name; empty where none was asked
     * @param scores on validation of each start that was trained from
     * @param kept the start that was kept
     */
    public record Outcome(
            TrainRequest request,
            TrainResult result,
            Map<String, Double> similarities,
            Map<String, Double> scores,
            String kept) {}

    /** @param learned prompts of earlier steps */
    public SpotSearch(Supply supply, List<Learned> learned, Task task) {
        this.supply = supply;
        this.learned = learned;
        this.task = task;
    }

    /** @throws CellFailure with cause YOURS where sources are missing or do not fit */
    public Outcome run() {
        Settings settings =
                supply.settings(supply.method(METHOD), task.request().methodSettings());
        Given given = new Given(learned.stream().map(Learned::source).toList(), List.of(""), null);
        int width = supply.backbone(task.request().backbone()).spec().hidden();
        List<Source> prompts = given.prompts(METHOD, width);
        requireLength(settings, prompts.get(0));
        String transfer = settings.text("transfer");
        if (transfer.equals("one")) {
            return trained(List.of(one(settings, given)), Map.of(), 0, 0);
        }
        TrainRequest embedding = embedding(settings, prompts);
        Path folder = task.checkpoints().resolve("embedding");
        TrainResult cost = new Trainer(supply)
                .leavingSource()
                .train(
                        embedding,
                        task.train(),
                        task.validation(),
                        task.judge(),
                        folder,
                        folder.resolve("state"),
                        task.progress());
        Made target = rows(folder);
        Map<String, Double> similarities = new LinkedHashMap<>();
        for (Source prompt : prompts) {
            similarities.put(prompt.name(), Similarity.of(settings.text("similarity"), prompt.rows(), target));
        }
        List<Source> near = prompts.stream()
                .sorted(Comparator.comparingDouble((Source prompt) -> -similarities.get(prompt.name())))
                .limit(transfer.equals("most-similar") ? 1 : settings.integer("top"))
                .toList();
        task.progress().log("Similarity to the sources: %s.".formatted(shown(similarities)));
        List<Learned> starts = transfer.equals("mixture")
                ? List.of(mixed(near, similarities))
                : near.stream().map(this::learned).toList();
        return trained(starts, similarities, cost.steps(), cost.trainSeconds());
    }

    private static void requireLength(Settings settings, Source first) {
        settings.find("length").ifPresent(length -> {
            if (((Number) length).longValue() != first.rows().shape()[0]) {
                throw CellFailure.yours(
                        "spot is to have %s rows, and the prompt of %s has %s. Maybe leave length out, or"
                                + " prompt_length: %s in the step of the sources.",
                        length, first.name(), first.rows().shape()[0], length);
            }
        });
    }

    private Learned one(Settings settings, Given given) {
        if (settings.find("from").isPresent()) {
            return learned(given.prompt(METHOD, settings.text("from")));
        }
        if (given.prompts().size() > 1) {
            throw CellFailure.yours(
                    "spot starts from one prompt, and there are those of %s. Maybe from: %s, or transfer:"
                            + " most-similar.",
                    String.join(", ", given.prompts().stream().map(Source::name).toList()),
                    given.prompts().get(0).name());
        }
        return learned(given.prompts().get(0));
    }

    private Learned learned(Source source) {
        return learned.stream()
                .filter(one -> one.source().equals(source))
                .findFirst()
                .orElseThrow();
    }

    private TrainRequest embedding(Settings settings, List<Source> prompts) {
        int length = (int) prompts.get(0).rows().shape()[0];
        return task.request().by(PLAIN, Map.of("length", length)).epochs(settings.integer("embedding_epochs"));
    }

    private static Made rows(Path folder) {
        try {
            Path file = folder.resolve(SourceFile.NAME);
            return SourceFile.read(Source.PROMPT, "the target", file, SourceFile.checksum(file))
                    .source()
                    .rows();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The sum of the prompts, weighted by their similarities over the sum of these. */
    private static Learned mixed(List<Source> near, Map<String, Double> similarities) {
        double sum = near.stream()
                .mapToDouble(source -> similarities.get(source.name()))
                .sum();
        double[] rows = new double[near.get(0).rows().values().length];
        for (Source source : near) {
            double weight = similarities.get(source.name()) / sum;
            double[] values = source.rows().values();
            IntStream.range(0, rows.length).forEach(i -> rows[i] += weight * values[i]);
        }
        Made made = new Made(near.get(0).rows().shape(), rows);
        String name = String.join(" + ", near.stream().map(Source::name).toList());
        return new Learned(new Source(Source.PROMPT, name, Map.of(Source.ROWS, made)), Content.hash(rows));
    }

    private Outcome trained(List<Learned> starts, Map<String, Double> similarities, int steps, double seconds) {
        Map<String, Double> scores = new LinkedHashMap<>();
        List<TrainResult> results = new ArrayList<>();
        for (Learned start : starts) {
            results.add(train(start, starts.size() == 1));
            scores.put(start.source().name(), results.get(results.size() - 1).bestScore());
        }
        int best = 0;
        for (int i = 1; i < starts.size(); i++) {
            best = results.get(i).bestScore() > results.get(best).bestScore() ? i : best;
        }
        int others = results.stream().mapToInt(TrainResult::steps).sum()
                - results.get(best).steps();
        double otherSeconds =
                results.stream().mapToDouble(TrainResult::trainSeconds).sum()
                        - results.get(best).trainSeconds();
        if (starts.size() > 1) {
            Folders.copy(folder(starts.get(best)), task.out());
        }
        Looks.similarities(learned, task.out());
        TrainResult kept = results.get(best).andCost(steps + others, seconds + otherSeconds);
        return new Outcome(
                task.request().given(List.of(starts.get(best))),
                kept,
                similarities,
                scores,
                starts.get(best).source().name());
    }

    private TrainResult train(Learned start, boolean alone) {
        task.progress().log("Starts from %s.".formatted(start.source().name()));
        Path folder = folder(start);
        return new Trainer(supply, List.of(start))
                .leavingSource()
                .train(
                        task.request().given(List.of(start)),
                        task.train(),
                        task.validation(),
                        task.judge(),
                        alone ? task.out() : folder,
                        folder.resolve("state"),
                        task.progress());
    }

    private Path folder(Learned start) {
        return task.checkpoints().resolve("from-" + start.checksum().substring(0, 16));
    }

    private static String shown(Map<String, Double> similarities) {
        return String.join(
                ", ",
                similarities.entrySet().stream()
                        .map(entry -> String.format(java.util.Locale.ROOT, "%s %.3f", entry.getKey(), entry.getValue()))
                        .toList());
    }
}
