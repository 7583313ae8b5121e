package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.train.Beside;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Predictor;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one task has of a training of several.
 *
 * @param task its place; -1 where there is one task
 */
record Share(TrainRequest request, int task) {
    /** @throws CellFailure YOURS where the training had no such task */
    static Share of(CellWork work, TrainRequest request, DatasetCard card) {
        List<Beside.Member> members = request.beside().members();
        if (members.isEmpty()) {
            return new Share(request, -1);
        }
        int task = IntStream.range(0, members.size())
                .filter(place -> members.get(place).task().equals(card.task()))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "%s is to be scored on %s, and what was learned together is %s. Maybe a task of these.",
                        work.cell().key(),
                        card.task(),
                        String.join(
                                ", ", members.stream().map(Beside.Member::task).toList())));
        if (members.get(task).outputs() != card.outputs()) {
            throw CellFailure.yours(
                    "%s has %s classes, and was learned with %s. Maybe run the workflow again.",
                    card.task(), card.outputs(), members.get(task).outputs());
        }
        return new Share(request, task);
    }

    /** Parameters per task: what is shared is divided by the number of tasks, as papers count; a head is the task's own. */
    TrainResult of(TrainResult all) {
        if (task < 0) {
            return all;
        }
        List<Beside.Member> members = request.beside().members();
        long classes = members.stream().mapToLong(Beside.Member::outputs).sum();
        return all.counting(
                all.methodParameters() / members.size(),
                all.normParameters() / members.size(),
                all.headParameters() / classes * members.get(task).outputs());
    }

    /** The examples with their task. */
    Encoded of(Encoded rows) {
        if (task < 0) {
            return rows;
        }
        int[] tasks = new int[rows.size()];
        Arrays.fill(tasks, task);
        return new Encoded(rows.ids(), rows.tokens(), rows.targets(), rows.written(), tasks);
    }

    /** Answers in the classes of the task. */
    Predictor.Answer of(Predictor.Answer answer) {
        if (task < 0) {
            return answer;
        }
        Beside beside = request.beside();
        boolean writes = !answer.answers().written().isEmpty();
        return new Predictor.Answer(
                Together.own(
                        answer.answers(),
                        beside.first(task),
                        beside.members().get(task).outputs(),
                        writes),
                answer.examplesPerSecond());
    }
}
