package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.train.Known;
import dev.fewtune.train.Learned;
import dev.fewtune.train.SourceFile;
import dev.fewtune.train.TrainRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the needs of a cell have learned, for a method that starts from it.
 *
 * @param notes what a reader of a score must know of it
 */
record Sources(List<Learned> learned, List<String> notes) {
    private static final List<String> KINDS = List.of("pretrain", "multi-task");

    /**
     * @param card of the target's data
     * @throws CellFailure YOURS where a source is missing or was made for another backbone
     */
    static Sources of(CellWork work, DatasetCard card, TrainRequest request) throws IOException {
        List<Learned> learned = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        if (!Known.takesSources(request.method(), request.methodSettings())) {
            return new Sources(learned, notes);
        }
        for (CellWork.Upstream need : work.upstream()) {
            if (!KINDS.contains(need.cell().kind())) {
                continue;
            }
            SourceCard source = card(work, need);
            requireBackbone(source, card);
            learned.add(SourceFile.read(
                    source.kind(), source.name(), Cells.file(need, SourceFile.NAME), source.checksum()));
            if (source.tasks().contains(card.task())) {
                notes.add("%s is the target and a source of its own: %s."
                        .formatted(card.task(), need.cell().key()));
            }
        }
        notes.forEach(work.progress()::log);
        return new Sources(learned, notes);
    }

    static SourceCard card(CellWork work, CellWork.Upstream need) throws IOException {
        if (need.files().isEmpty()) {
            throw CellFailure.yours(
                    "%s starts from what %s makes, and that has not succeeded (%s%s). Maybe retry it, or leave its"
                            + " source out.",
                    work.cell().key(),
                    need.cell().key(),
                    need.state(),
                    need.problem() == null ? "" : ": " + need.problem());
        }
        return Json.read(Cells.file(need, SourceCard.FILE), SourceCard.class);
    }

    private static void requireBackbone(SourceCard source, DatasetCard card) {
        if (!source.backboneHash().equals(card.backboneHash())) {
            throw CellFailure.yours(
                    "The %s of %s was made for %s (%.12s), expected %s (%.12s), which reads the target. Maybe one"
                            + " backbone for both.",
                    source.kind(),
                    source.name(),
                    source.backbone(),
                    source.backboneHash(),
                    card.backbone(),
                    card.backboneHash());
        }
    }
}
