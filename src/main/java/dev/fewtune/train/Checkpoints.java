package dev.fewtune.train;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
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
    private static final String OWNER = "owner";

    private final Path state;
    private final Path best;
    private final String owner;

    /** @param owner what the training is; the state of another one is not used */
    Checkpoints(Path folder, String owner) {
        this.state = folder.resolve("state.safetensors");
        this.best = folder.resolve("best.safetensors");
        this.owner = owner;
    }

    void save(Learner<?> learner, Position position) {
        List<Safetensors.Entry> entries = new ArrayList<>(trained(learner));
        entries.addAll(learner.moments());
        Map<String, String> notes = new LinkedHashMap<>(position.notes());
        notes.put(OWNER, owner);
        write(state, entries, notes);
    }

    void keepBest(Learner<?> learner, Map<String, String> notes) {
        write(best, trained(learner), notes);
    }

    /** Sets the learner to where the last checkpoint was, if there is one. */
    Optional<Position> resume(Learner<?> learner) {
        if (Files.notExists(state)) {
            return Optional.empty();
        }
        try {
            Safetensors file = Safetensors.open(state);
            if (!owner.equals(file.notes().get(OWNER))) {
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
            throw new CellFailure(Cause.RESOURCE, "The checkpoint %s cannot be read.".formatted(state), e);
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

    private static <T extends org.tensorflow.types.family.TFloating> List<Safetensors.Entry> trained(
            Learner<T> learner) {
        return learner.values(learner.model().vars().trained());
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
