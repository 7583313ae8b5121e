package dev.fewtune.train;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folder from which an interrupted training goes on: {@code state.safetensors} (trained variables, moments, position)
 * and {@code best.safetensors} (trained variables of the best epoch). Both are replaced by a rename. A best file that is
 * newer than the state is harmless: the epoch that wrote it is trained again to the same bits.
 */
final class Checkpoints {
    private final Path state;
    private final Path best;
    private final Owner owner;
    private final Progress progress;

    /** @param owner what the training is; the state of another one is not used, which is logged */
    Checkpoints(Path folder, Owner owner, Progress progress) {
        this.state = folder.resolve("state.safetensors");
        this.best = folder.resolve("best.safetensors");
        this.owner = owner;
        this.progress = progress;
    }

    /** @throws CellFailure with cause YOURS where a number is not finite; the state before stays */
    void save(Learner<?> learner, Position position) {
        List<Safetensors.Entry> entries = new ArrayList<>(delivered(learner));
        entries.addAll(learner.moments());
        requireFinite(entries, position);
        Map<String, String> notes = new LinkedHashMap<>(position.notes());
        notes.putAll(owner.notes());
        write(state, entries, notes);
    }

    /** Names the state that training can go on from, for the reader of an error. */
    String last() {
        try {
            if (Files.exists(state)) {
                Map<String, String> notes = Safetensors.open(state).notes();
                if (owner.differences(notes).isEmpty()) {
                    return "The last checkpoint with finite numbers is that of step %s, %s."
                            .formatted(Position.of(notes).step(), state);
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return "There is no checkpoint before it.";
    }

    /** @throws CellFailure as {@link #save} */
    void keepBest(Learner<?> learner, Position position, Map<String, String> notes) {
        List<Safetensors.Entry> entries = delivered(learner);
        requireFinite(entries, position);
        Map<String, Double> bits = learner.model().vars().bits();
        List<Safetensors.Entry> small = new ArrayList<>();
        entries.forEach(entry ->
                small.add(bits.containsKey(entry.name()) ? Bits.packed(entry, bits.get(entry.name())) : entry));
        small.addAll(given(learner));
        write(best, small, notes);
    }

    /** Sets the learner to where the last checkpoint was, if there is one. */
    Optional<Position> resume(Learner<?> learner) {
        if (Files.notExists(state)) {
            return Optional.empty();
        }
        try {
            Safetensors file = Safetensors.open(state);
            List<String> differences = owner.differences(file.notes());
            if (!differences.isEmpty()) {
                progress.log("The checkpoint in %s was made with other %s; starts anew."
                        .formatted(state.getParent(), String.join(", ", differences)));
                return Optional.empty();
            }
            Position position = Position.of(file.notes());
            if (position.best() > 0 && Files.notExists(best)) {
                return Optional.empty();
            }
            learner.restore(file);
            learner.restoreMoments(file);
            return Optional.of(position);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Sets a learner to the best epoch's weights. */
    void restoreBest(Learner<?> learner) {
        try {
            learner.restore(Safetensors.open(best));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Copies the best epoch's weights to where they shall stay, and tells their size in bytes. */
    long deliver(Path target) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Path draft = target.resolveSibling(target.getFileName() + ".part");
            Files.copy(best, draft, StandardCopyOption.REPLACE_EXISTING);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Files.size(target);
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    private void requireFinite(List<Safetensors.Entry> entries, Position position) {
        for (Safetensors.Entry entry : entries) {
            if (!entry.isFinite()) {
                throw CellFailure.yours(
                        "%s holds a number that is not finite after step %s. %s Maybe a lower lr.",
                        entry.name(), position.step(), last());
            }
        }
    }

    private CellFailure unreadable(IOException e) {
        return new CellFailure(Cause.RESOURCE, "The checkpoint %s cannot be read.".formatted(state), e);
    }

    private static <T extends org.tensorflow.types.family.TFloating> List<Safetensors.Entry> delivered(
            Learner<T> learner) {
        return learner.values(learner.model().vars().delivered());
    }

    private static <T extends org.tensorflow.types.family.TFloating> List<Safetensors.Entry> given(Learner<T> learner) {
        return learner.values(learner.model().vars().given());
    }

    private static void write(Path target, List<Safetensors.Entry> entries, Map<String, String> notes) {
        try {
            Safetensors.write(target, entries, notes);
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    private static CellFailure failure(Path target, IOException e) {
        return new CellFailure(
                Cause.RESOURCE, "%s could not be written: %s".formatted(target.getFileName(), e.getMessage()), e);
    }
}
