package dev.fewtune.step;

import dev.fewtune.train.Interchange;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Folders of HF PEFT, for the rooms that do not look inside the engine. */
public final class PeftFiles {
    /** What stands before the names of a folder's files among those of a cell. */
    public static final String BEFORE = Interchange.FOLDER + "/";

    private PeftFiles() {}

    /**
     * What a folder says, whatever the backbone.
     *
     * @param type the peft_type
     * @param method ours for it
     * @param backbone what the folder names as its base model
     * @param settings of the method
     * @param tensors their number
     * @param parameters numbers in all tensors
     */
    public record Look(
            String type, String method, String backbone, Map<String, Object> settings, int tensors, long parameters) {}

    /** @throws dev.fewtune.spec.CellFailure with cause YOURS where the folder is none of PEFT or of an unknown type */
    public static Look look(Path folder) {
        Interchange.Look look = Interchange.look(folder);
        return new Look(
                look.type(), look.method(), look.backbone(), look.settings(), look.tensors(), look.parameters());
    }

    /** The paths of a folder's files among all files of a cell; empty where the cell has made none. */
    public static List<String> among(Collection<String> files) {
        return files.stream().filter(file -> file.startsWith(BEFORE)).sorted().toList();
    }

    /** Why a cell has no such folder. */
    public static String none(long run, int cell) {
        return "Cell %s of run %s has made no folder for PEFT. Maybe it is no fine-tune cell, or PEFT has no such method; its log says why."
                .formatted(cell, run);
    }
}
