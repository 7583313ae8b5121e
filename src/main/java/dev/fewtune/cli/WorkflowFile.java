package dev.fewtune.cli;

import dev.fewtune.spec.Catalog;
import dev.fewtune.workflow.Planner;
import dev.fewtune.workflow.Planning;
import dev.fewtune.workflow.Problem;
import dev.fewtune.workflow.Reading;
import dev.fewtune.workflow.WorkflowReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads a workflow from a file and plans it, or throws everything that is wrong with it. */
record WorkflowFile(Catalog catalog) {
    Submission submission(Path file, Map<String, String> inputs) {
        String yaml = text(file);
        Path folder = file.toAbsolutePath().getParent();
        Reading reading = new WorkflowReader(catalog).read(file.toString(), yaml, folder);
        require(reading.problems());
        Planning planning = new Planner(catalog).planFromTexts(reading.workflow(), inputs);
        require(planning.problems());
        return new Submission(yaml, inputs, planning.plan());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new Invalid("There is no file %s. Maybe the path is relative to another folder than %s."
                    .formatted(file, Path.of("").toAbsolutePath()));
        } catch (CharacterCodingException wrong) {
            throw new Invalid("%s is not UTF-8. Maybe save it again as UTF-8.".formatted(file));
        } catch (IOException unreadable) {
            throw new Invalid("%s cannot be read: %s".formatted(file, unreadable));
        }
    }

    private static void require(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new Invalid(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }

    /** The file is not a workflow that can run. */
    static final class Invalid extends RuntimeException {
        Invalid(String message) {
            super(message);
        }
    }
}
