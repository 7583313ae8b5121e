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
        return new Submission(file, yaml, inputs, planning.plan());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw unreadable(
                    file,
                    "There is no file %s.".formatted(file),
                    "the path is relative to another folder than %s"
                            .formatted(Path.of("").toAbsolutePath()));
        } catch (CharacterCodingException wrong) {
            throw unreadable(file, "%s is not UTF-8.".formatted(file), "save it again as UTF-8");
        } catch (IOException unreadable) {
            throw unreadable(file, "%s cannot be read: %s.".formatted(file, unreadable), "");
        }
    }

    private static Invalid unreadable(Path file, String message, String maybe) {
        return new Invalid(List.of(new Problem(file.toString(), 1, 1, "unreadable-file", message, "", maybe)));
    }

    private static void require(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new Invalid(problems);
        }
    }

    /** The file is not a workflow that can run. */
    static final class Invalid extends RuntimeException {
        private final transient List<Problem> problems;

        Invalid(List<Problem> problems) {
            super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
            this.problems = List.copyOf(problems);
        }

        List<Problem> problems() {
            return problems;
        }
    }
}
