package dev.fewtune.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A Python that does our work with PyTorch when it is told to; one that does nothing where there is none. */
final class PythonTwin implements AutoCloseable {
    private static final String PYTHON = System.getProperty("bench.python", "");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Begins the lines that are answers; the others are what libraries say. */
    private static final String ANSWER = "ANSWER ";

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    private PythonTwin(Process process) {
        this.process = process;
        this.answers = process == null ? null : process.inputReader(StandardCharsets.UTF_8);
        this.orders = process == null ? null : process.outputWriter(StandardCharsets.UTF_8);
    }

    static PythonTwin start(String... arguments) throws IOException {
        if (PYTHON.isEmpty()) {
            return new PythonTwin(null);
        }
        List<String> command = Stream.concat(Stream.of(PYTHON, "src/test/reference/speed.py"), Stream.of(arguments))
                .toList();
        return new PythonTwin(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Peak bytes of a process of its own; 0 without a Python. */
    static double peak(Path folder) throws IOException {
        try (PythonTwin twin = start("peak", folder.toString())) {
            List<Figure> found = twin.process == null ? List.of() : twin.answer();
            return found.isEmpty() ? 0 : found.get(0).value();
        }
    }

    ProcessHandle process() {
        return process == null ? ProcessHandle.current() : process.toHandle();
    }

    void warmUp(String work) throws IOException {
        order("warm up " + work);
    }

    List<Figure> measure(String work) throws IOException {
        return order(work);
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            orders.close();
            process.destroy();
        }
    }

    private List<Figure> order(String line) throws IOException {
        if (process == null) {
            return List.of();
        }
        orders.write(line + "\n");
        orders.flush();
        return answer();
    }

    private List<Figure> answer() throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith(ANSWER)) {
            line = answers.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("speed.py ended without an answer; its errors stand above.");
        }
        List<Figure> figures = new ArrayList<>();
        for (JsonNode figure : JSON.readTree(line.substring(ANSWER.length()))) {
            figures.add(new Figure(
                    figure.get(0).asText(),
                    figure.get(1).asDouble(),
                    figure.get(2).asDouble()));
        }
        return figures;
    }
}
