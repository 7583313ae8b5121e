package dev.fewtune.step;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.fewtune.run.CellWork;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Judge;
import dev.fewtune.train.SpotSearch;
import dev.fewtune.train.Supply;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import dev.fewtune.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trains a method with what earlier steps have learned, if it takes that. */
record Transfer(Supply supply, Sources sources) {
    private static final String NOTES = "notes.json";
    private static final String SEARCH = "transfer.json";

    /** @param request with what the method was given */
    record Outcome(TrainRequest request, TrainResult result) {}

    Outcome train(TrainRequest request, String task, Encoded train, Encoded validation, Judge judge, CellWork work)
            throws IOException {
        List<String> notes = new ArrayList<>(sources.notes());
        Outcome outcome = request.method().equals(SpotSearch.METHOD)
                ? searched(request, train, validation, judge, work, notes)
                : plain(request, train, validation, judge, work);
        if (!notes.isEmpty()) {
            Json.write(work.out().resolve(NOTES), notes);
        }
        return outcome;
    }

    /** What a cell says to the readers of its score. */
    static List<String> notes(CellWork.Upstream tuned) {
        Path file = tuned.files().get(NOTES);
        if (file == null) {
            return List.of();
        }
        try {
            return Json.MAPPER.readValue(Files.readAllBytes(file), new TypeReference<List<String>>() {});
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private Outcome plain(TrainRequest request, Encoded train, Encoded validation, Judge judge, CellWork work) {
        TrainRequest given = request.given(sources.learned());
        Trainer trainer = new Trainer(supply, sources.learned());
        TrainResult result = (sources.learned().isEmpty() ? trainer : trainer.leavingSource())
                .train(given, train, validation, judge, work.out(), work.checkpoints(), work.progress());
        return new Outcome(given, result);
    }

    private Outcome searched(
            TrainRequest request, Encoded train, Encoded validation, Judge judge, CellWork work, List<String> notes)
            throws IOException {
        SpotSearch.Outcome found = new SpotSearch(
                        supply,
                        sources.learned(),
                        new SpotSearch.Task(
                                request, train, validation, judge, work.out(), work.checkpoints(), work.progress()))
                .run();
        notes.add("Starts from %s%s.".formatted(found.kept(), cost(found)));
        Json.write(work.out().resolve(SEARCH), found);
        return new Outcome(found.request(), found.result());
    }

    private static String cost(SpotSearch.Outcome found) {
        if (found.similarities().isEmpty()) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                ", chosen of %d sources; %,d steps in all, those of the target's embedding and of %d training%s",
                found.similarities().size(),
                found.result().steps(),
                found.scores().size(),
                found.scores().size() == 1 ? "" : "s");
    }
}
