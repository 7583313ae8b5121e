package dev.fewtune.cli;

import dev.fewtune.spec.Catalog;
import dev.fewtune.step.PeftFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adapters to and from folders of HF PEFT. */
@Command(
        name = "adapter",
        description =
                "Adapters as HF PEFT saves them: a folder with adapter_config.json and adapter_model.safetensors.")
final class AdapterCommand {
    private static final String WORKFLOW = """
            schema: fewtune/v1
            name: adapter
            steps:
              tokenize:
                uses: tokenize
                with: {task: %s, backbone: %s%s}
              adapter:
                uses: import-adapter
                needs: [tokenize]
                with: {task: %s, folder: %s}
              evaluate:
                uses: evaluate
                needs: [adapter]
              board:
                uses: aggregate
                needs: [evaluate]
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final Catalog catalog;

    @CommandLine.ParentCommand
    private Commands commands;

    AdapterCommand(PrintStream out, PrintStream err, Catalog catalog) {
        this.out = out;
        this.err = err;
        this.catalog = catalog;
    }

    @Command(description = "Say what a folder holds.")
    int inspect(@Parameters(paramLabel = "FOLDER") Path folder) {
        PeftFiles.Look look = PeftFiles.look(folder);
        out.print(commands.printsJson() ? Printed.json(look) : Printed.adapter(look));
        return Commands.DONE;
    }

    @Command(description = "Write what a fine-tune cell has trained into a folder that must not be there yet.")
    int export(
            @Parameters(paramLabel = "RUN") long run,
            @Parameters(paramLabel = "CELL", description = "The number of the cell.") int cell,
            @Parameters(paramLabel = "FOLDER") Path folder,
            @Option(
                            names = "--merged",
                            description = "The whole network with the training in its weights, for Transformers.")
                    boolean merged) {
        if (Files.exists(folder)) {
            err.printf("%s is there already. Maybe another name.%n", folder);
            return Commands.USAGE;
        }
        return new Doorway(err).look(door -> {
            if (merged) {
                door.merged(run, cell, folder);
                out.println(folder);
                return Commands.DONE;
            }
            Map<String, byte[]> files = door.adapter(run, cell);
            if (files.isEmpty()) {
                err.println(PeftFiles.none(run, cell));
                return Commands.FAILED;
            }
            write(files, folder);
            out.println(folder);
            return Commands.DONE;
        });
    }

    @Command(name = "import", description = "Score a folder on a task, without any training; prints the board.")
    int importAdapter(
            @Parameters(paramLabel = "FOLDER") Path folder,
            @Option(names = "--backbone", required = true, description = "The model that it was trained on.")
                    String backbone,
            @Option(names = "--task", required = true, description = "A built-in task.") String task,
            @Option(names = "--objective", description = "head, text-to-text or verbalizer; as tokenize has it.")
                    String objective)
            throws IOException {
        PeftFiles.look(folder);
        String asked = objective == null ? "" : ", objective: " + quoted(objective);
        String yaml = WORKFLOW.formatted(
                quoted(task),
                quoted(backbone),
                asked,
                quoted(task),
                quoted(folder.toAbsolutePath().normalize().toString()));
        Path file = Files.createTempFile("adapter", ".yaml");
        try {
            Files.writeString(file, yaml);
            Submission submission = new WorkflowFile(catalog).submission(file, Map.of());
            return new Doorway(err)
                    .enter(door -> new RunCommand(out, err).run(door, submission, commands.boardFormat()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void write(Map<String, byte[]> files, Path folder) throws IOException {
        Draft.of(folder, draft -> {
            for (var file : files.entrySet()) {
                Files.write(draft.resolve(file.getKey()), file.getValue());
            }
        });
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
