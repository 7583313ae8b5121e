package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.task.Metrics;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.Tokens;
import dev.fewtune.train.Aim;
import dev.fewtune.train.Answers;
import dev.fewtune.train.Beside;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Judge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The data of several tasks that are learned together. Their classes stand side by side: a class has its number in its own
 * task and, before that, all classes of the tasks before.
 *
 * @param cards of the tasks, in the order of the needs
 */
record Together(List<DatasetCard> cards, List<CellWork.Upstream> data) {
    /** @throws CellFailure YOURS where the tasks do not go together */
    static Together of(CellWork work) throws IOException {
        List<CellWork.Upstream> data = cells(work, Tokenize.SPEC.kind());
        if (data.isEmpty()) {
            data = cells(work, Pretrain.SPEC.kind());
        }
        if (data.isEmpty()) {
            throw CellFailure.yours(
                    "%s needs the data of the tasks that it learns. Maybe add a step that uses tokenize or pretrain to"
                            + " its needs.",
                    work.cell().key());
        }
        List<DatasetCard> cards = new ArrayList<>();
        for (CellWork.Upstream cell : data) {
            if (cell.files().isEmpty()) {
                throw CellFailure.yours(
                        "%s learns the data of %s, and that has not succeeded (%s). Maybe retry it.",
                        work.cell().key(), cell.cell().key(), cell.state());
            }
            cards.add(Json.read(Cells.file(cell, DatasetCard.FILE), DatasetCard.class));
        }
        requireAlike(cards);
        return new Together(cards, data);
    }

    List<Beside.Member> members() {
        return cards.stream()
                .map(card -> new Beside.Member(card.task(), card.outputs()))
                .toList();
    }

    boolean writes() {
        return cards.get(0).asking().writes();
    }

    /** What the network is asked for by all. */
    Aim aim(int beams) {
        Aim first = cards.get(0).asking().aim(beams);
        if (writes()) {
            int longest = cards.stream()
                    .mapToInt(card -> card.asking().longest())
                    .max()
                    .orElseThrow();
            return Aim.textToText(longest, beams);
        }
        if (first.objective().equals(Aim.HEAD)) {
            return first;
        }
        List<List<Integer>> words =
                cards.stream().flatMap(card -> card.asking().tokens().stream()).toList();
        return Aim.verbalizer(words, first.mask());
    }

    /** A split of all tasks, one after the other. */
    Encoded split(String name) throws IOException {
        List<String> ids = new ArrayList<>();
        List<Tokens> tokens = new ArrayList<>();
        List<int[]> written = new ArrayList<>();
        List<Double> targets = new ArrayList<>();
        List<Integer> tasks = new ArrayList<>();
        for (int task = 0; task < cards.size(); task++) {
            Path file = Cells.file(data.get(task), name + ".jsonl");
            Encoded one = TokenFile.read(file);
            ids.addAll(one.ids());
            tokens.addAll(one.tokens());
            written.addAll(one.written());
            for (double target : one.targets()) {
                targets.add(target + first(task));
                tasks.add(task);
            }
        }
        return new Encoded(
                ids,
                tokens,
                targets.stream().mapToDouble(Double::doubleValue).toArray(),
                written,
                tasks.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Answers to examples of one task, in its own classes. */
    static Answers own(Answers answers, int first, int outputs, boolean writes) {
        if (writes) {
            return answers;
        }
        double[][] cut = Arrays.stream(answers.outputs())
                .map(row -> Arrays.copyOfRange(row, first, first + outputs))
                .toArray(double[][]::new);
        return new Answers(cut, answers.written());
    }

    /** Higher is better, also for an error. */
    interface Scores {
        Map<String, Double> of(Encoded split, Answers answers);
    }

    /** The score of each task by its own metric. */
    Scores scores(Tokenizer tokenizer) {
        List<Judge> judges = cards.stream()
                .map(card -> FineTune.judge(card.metric(), card, new Replies(card, tokenizer)))
                .toList();
        return (split, answers) -> {
            Map<String, Double> scores = new LinkedHashMap<>();
            for (int task = 0; task < cards.size(); task++) {
                int[] rows = rows(split, task);
                scores.put(
                        cards.get(task).task(),
                        judges.get(task).score(part(split, rows, task), part(answers, rows, task)));
            }
            return scores;
        };
    }

    private int first(int task) {
        return writes()
                ? 0
                : cards.subList(0, task).stream().mapToInt(DatasetCard::outputs).sum();
    }

    private static int[] rows(Encoded split, int task) {
        return IntStream.range(0, split.size())
                .filter(row -> split.tasks()[row] == task)
                .toArray();
    }

    private Encoded part(Encoded split, int[] rows, int task) {
        return new Encoded(
                Arrays.stream(rows).mapToObj(split.ids()::get).toList(),
                Arrays.stream(rows).mapToObj(split.tokens()::get).toList(),
                Arrays.stream(rows)
                        .mapToDouble(row -> split.targets()[row] - first(task))
                        .toArray(),
                split.written().isEmpty()
                        ? List.of()
                        : Arrays.stream(rows).mapToObj(split.written()::get).toList());
    }

    private Answers part(Answers answers, int[] rows, int task) {
        Answers some = new Answers(
                Arrays.stream(rows).mapToObj(row -> answers.outputs()[row]).toArray(double[][]::new),
                answers.written().isEmpty()
                        ? List.of()
                        : Arrays.stream(rows).mapToObj(answers.written()::get).toList());
        return own(some, first(task), cards.get(task).outputs(), writes());
    }

    private static List<CellWork.Upstream> cells(CellWork work, String kind) {
        return work.upstream().stream()
                .filter(need -> need.cell().kind().equals(kind))
                .toList();
    }

    private static void requireAlike(List<DatasetCard> cards) {
        DatasetCard first = cards.get(0);
        Set<String> names = new HashSet<>();
        for (DatasetCard card : cards) {
            if (!names.add(card.task())) {
                throw CellFailure.yours("The task %s is among the needs twice. Maybe one cell of it.", card.task());
            }
            if (!card.backboneHash().equals(first.backboneHash())) {
                throw CellFailure.yours(
                        "%s was tokenized for %s and %s for %s. Maybe one backbone for all.",
                        first.task(), first.backbone(), card.task(), card.backbone());
            }
            if (!card.asking().objective().equals(first.asking().objective())) {
                throw CellFailure.yours(
                        "%s asks for %s and %s for %s. Maybe one objective for all.",
                        first.task(),
                        first.asking().objective(),
                        card.task(),
                        card.asking().objective());
            }
            if (card.regression() && !card.asking().writes()) {
                throw CellFailure.yours(
                        "The labels of %s are numbers, which have no class beside those of others. Maybe leave it out,"
                                + " or objective: text-to-text.",
                        card.task());
            }
        }
    }

    /** The metric that all tasks have, or the words for the mean of several. */
    String metric() {
        List<String> metrics =
                cards.stream().map(DatasetCard::metric).distinct().toList();
        return metrics.size() == 1 && Metrics.known().contains(metrics.get(0)) ? metrics.get(0) : "mean score";
    }
}
