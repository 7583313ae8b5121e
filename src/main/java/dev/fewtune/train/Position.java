package dev.fewtune.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a training has come: what a checkpoint holds beside its tensors.
 *
 * @param part of the training, and where it began
 * @param step optimizer steps taken, in all parts
 * @param epoch the current one, from 1, of all parts
 * @param batch batches of the epoch that are done
 * @param lossSum over the epoch's examples, or the tokens that they write
 * @param seconds of optimizer steps
 * @param slots token slots so far, padded ones included
 * @param filled token slots so far that held a token
 * @param best epoch whose weights are kept; 0 for none
 */
record Position(
        Part part,
        long step,
        int epoch,
        int batch,
        double lossSum,
        double seconds,
        long slots,
        long filled,
        int best,
        double bestScore,
        List<TrainResult.Point> curve) {

    /**
     * @param number from 0
     * @param step optimizer steps before it
     * @param epoch epochs before it
     */
    record Part(int number, long step, int epoch) {}

    static final Position START =
            new Position(new Part(0, 0, 0), 0, 1, 0, 0, 0, 0, 0, 0, Double.NEGATIVE_INFINITY, List.of());

    /** After one optimizer step. */
    Position stepped(double loss, List<Batch> parts, double took) {
        return new Position(
                part,
                step + 1,
                epoch,
                batch + parts.size(),
                lossSum + loss * parts.stream().mapToDouble(Batch::weight).sum(),
                seconds + took,
                slots + parts.stream().mapToLong(Batch::slots).sum(),
                filled + parts.stream().mapToLong(Batch::filled).sum(),
                best,
                bestScore,
                curve);
    }

    /** After something that took seconds and was no step. */
    Position spent(double took) {
        return new Position(part, step, epoch, batch, lossSum, seconds + took, slots, filled, best, bestScore, curve);
    }

    /**
     * At the start of the next part, in which no epoch is the best yet.
     *
     * @param took seconds that it took to find out what it needs
     */
    Position next(double took) {
        return new Position(
                new Part(part.number() + 1, step, epoch - 1),
                step,
                epoch,
                0,
                0,
                seconds + took,
                slots,
                filled,
                0,
                Double.NEGATIVE_INFINITY,
                curve);
    }

    /** Optimizer steps of this part. */
    long stepOfPart() {
        return step - part.step();
    }

    /** The current epoch of this part, from 1. */
    int epochOfPart() {
        return epoch - part.epoch();
    }

    /** Epochs that are done since the one whose weights are kept. */
    int since() {
        return epoch - 1 - best;
    }

    /** Padded token slots over all token slots so far. */
    double paddingShare() {
        return slots == 0 ? 0 : 1 - (double) filled / slots;
    }

    /** After validation of the current epoch. */
    Position validated(TrainResult.Point point, boolean better) {
        List<TrainResult.Point> longer = new ArrayList<>(curve);
        longer.add(point);
        return new Position(
                part,
                step,
                epoch + 1,
                0,
                0,
                seconds,
                slots,
                filled,
                better ? epoch : best,
                better ? point.score() : bestScore,
                List.copyOf(longer));
    }

    Map<String, String> notes() {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("part", Integer.toString(part.number()));
        notes.put("part_step", Long.toString(part.step()));
        notes.put("part_epoch", Integer.toString(part.epoch()));
        notes.put("step", Long.toString(step));
        notes.put("epoch", Integer.toString(epoch));
        notes.put("batch", Integer.toString(batch));
        notes.put("loss_sum", Double.toString(lossSum));
        notes.put("seconds", Double.toString(seconds));
        notes.put("slots", Long.toString(slots));
        notes.put("filled", Long.toString(filled));
        notes.put("best", Integer.toString(best));
        notes.put("best_score", Double.toString(bestScore));
        notes.put(
                "curve", String.join(";", curve.stream().map(Position::written).toList()));
        return notes;
    }

    static Position of(Map<String, String> notes) {
        return new Position(
                new Part(
                        Integer.parseInt(notes.get("part")),
                        Long.parseLong(notes.get("part_step")),
                        Integer.parseInt(notes.get("part_epoch"))),
                Long.parseLong(notes.get("step")),
                Integer.parseInt(notes.get("epoch")),
                Integer.parseInt(notes.get("batch")),
                Double.parseDouble(notes.get("loss_sum")),
                Double.parseDouble(notes.get("seconds")),
                Long.parseLong(notes.get("slots")),
                Long.parseLong(notes.get("filled")),
                Integer.parseInt(notes.get("best")),
                Double.parseDouble(notes.get("best_score")),
                read(notes.get("curve")));
    }

    private static String written(TrainResult.Point point) {
        return "%s,%s,%s,%s".formatted(point.epoch(), point.trainLoss(), point.validationLoss(), point.score());
    }

    private static List<TrainResult.Point> read(String curve) {
        if (curve.isEmpty()) {
            return List.of();
        }
        return List.of(curve.split(";")).stream()
                .map(point -> point.split(","))
                .map(part -> new TrainResult.Point(
                        Integer.parseInt(part[0]),
                        Double.parseDouble(part[1]),
                        Double.parseDouble(part[2]),
                        Double.parseDouble(part[3])))
                .toList();
    }
}
