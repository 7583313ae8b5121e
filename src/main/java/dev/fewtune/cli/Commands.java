package dev.fewtune.cli;

import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.RunView;
import dev.fewtune.spec.Catalog;
import dev.fewtune.step.Catalogs;
import dev.fewtune.workflow.PlanText;
import dev.fewtune.workflow.SchemaWriter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage or an invalid file, 130 after Ctrl-C. */
@Command(
        name = "fewtune",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Fine-tunes language models by a handful of parameters, as YAML workflows.%n"
                + "Without a command it starts the server on http://localhost:8080.")
final class Commands implements Runnable {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int INTERRUPTED = 130;

    private static final String FORMATS = "text, json, csv, markdown or latex.";

    private final PrintStream out;
    private final PrintStream err;
    private final Catalog catalog = Catalogs.builtIn();

    @Option(names = "--json", description = "Print JSON.", scope = CommandLine.ScopeType.INHERIT)
    private boolean json;

    Commands(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    CommandLine line() {
        CommandLine line = new CommandLine(this);
        line.addSubcommand(new AdapterCommand(out, err, catalog));
        line.setOut(new java.io.PrintWriter(out, true));
        line.setErr(new java.io.PrintWriter(err, true));
        line.setExecutionExceptionHandler((thrown, commandLine, parsed) -> {
            if (thrown instanceof WorkflowFile.Invalid invalid) {
                return refuse(invalid);
            }
            err.println(thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
            return FAILED;
        });
        return line;
    }

    @Override
    public void run() {
        line().usage(out);
    }

    @Command(description = "Start the server.")
    int serve() {
        return new Boot(err).run(Serve.class);
    }

    @Command(description = "Run a workflow to its end; progress on standard error, the board on standard output.")
    int run(
            @Parameters(paramLabel = "FILE", description = "The workflow.") Path file,
            @Option(
                            names = "--input",
                            paramLabel = "NAME=VALUE",
                            description = "An input of the workflow; a,b,c for a list.")
                    Map<String, String> inputs,
            @Option(names = "--format", defaultValue = "text", converter = Formats.class, description = FORMATS)
                    Format format) {
        Submission submission = new WorkflowFile(catalog).submission(file, given(inputs));
        return new Doorway(err).enter(door -> new RunCommand(out, err).run(door, submission, format(format)));
    }

    @Command(description = "Show the cells that a workflow would run.")
    int plan(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--input", paramLabel = "NAME=VALUE") Map<String, String> inputs) {
        Submission submission = new WorkflowFile(catalog).submission(file, given(inputs));
        out.print(json ? Printed.json(submission.plan()) : PlanText.of(submission.plan()));
        return DONE;
    }

    @Command(description = "Say everything that is wrong with a workflow.")
    int validate(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--input", paramLabel = "NAME=VALUE") Map<String, String> inputs) {
        Submission submission = new WorkflowFile(catalog).submission(file, given(inputs));
        out.print(
                json
                        ? Printed.json(Checked.valid(submission.plan()))
                        : "%s is valid: %,d cells.%n"
                                .formatted(file, submission.plan().cells().size()));
        return DONE;
    }

    @Command(description = "List the methods.")
    int methods() {
        out.print(json ? Printed.json(catalog.methods()) : Printed.methods(catalog.methods()));
        return DONE;
    }

    @Command(description = "List the backbones.")
    int backbones() {
        out.print(json ? Printed.json(catalog.backbones()) : Printed.backbones(catalog.backbones()));
        return DONE;
    }

    @Command(description = "List the built-in tasks.")
    int tasks() {
        out.print(json ? Printed.json(catalog.tasks()) : Printed.tasks(catalog.tasks()));
        return DONE;
    }

    @Command(description = "Print the JSON Schema of workflows.")
    int schema() {
        out.println(SchemaWriter.write(catalog));
        return DONE;
    }

    @Command(description = "List the latest runs.")
    int runs() {
        return new Doorway(err).look(door -> {
            List<RunView> runs = door.runs(20);
            out.print(json ? Printed.json(runs) : Printed.runs(runs));
            return DONE;
        });
    }

    @Command(description = "Print the board of a run.")
    int board(
            @Parameters(paramLabel = "RUN") long run,
            @Option(names = "--format", defaultValue = "text", converter = Formats.class, description = FORMATS)
                    Format format) {
        return new Doorway(err).look(door -> {
            out.print(door.board(run, format(format)));
            return DONE;
        });
    }

    @Command(description = "Run what failed again, and what depends on it, to the end.")
    int retry(
            @Parameters(paramLabel = "RUN") long run,
            @Option(names = "--cell", defaultValue = "-1", description = "Only this cell, by its number.") int cell) {
        return new Doorway(err).enter(door -> {
            door.retry(run, cell);
            return new RunCommand(out, err).follow(door, run, format(Format.TEXT));
        });
    }

    @Command(description = "Watch a run to its end and print its board; also one that a killed process left behind.")
    int watch(
            @Parameters(paramLabel = "RUN") long run,
            @Option(names = "--format", defaultValue = "text", converter = Formats.class, description = FORMATS)
                    Format format) {
        return new Doorway(err).enter(door -> new RunCommand(out, err).follow(door, run, format(format)));
    }

    @Command(description = "Cancel a run.")
    int cancel(@Parameters(paramLabel = "RUN") long run) {
        return new Doorway(err).enter(door -> {
            door.cancel(run);
            return DONE;
        });
    }

    boolean printsJson() {
        return json;
    }

    /** Of boards that nobody has asked another format for. */
    Format boardFormat() {
        return format(Format.TEXT);
    }

    private int refuse(WorkflowFile.Invalid invalid) {
        if (json) {
            out.print(Printed.json(Checked.wrong(invalid.problems())));
        } else {
            err.println(invalid.getMessage());
        }
        return USAGE;
    }

    private Format format(Format asked) {
        return json ? Format.JSON : asked;
    }

    private static Map<String, String> given(Map<String, String> inputs) {
        return inputs == null ? Map.of() : inputs;
    }
}
