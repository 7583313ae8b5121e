package dev.fewtune.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fewtune.leaderboard.Format;
import dev.fewtune.run.CellView;
import dev.fewtune.run.RunView;
import dev.fewtune.step.PeftFiles;
import dev.fewtune.workflow.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The runs of a server that owns the home folder, over its API. */
final class RemoteDoor implements Door {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final Server server;

    RemoteDoor(Server server) {
        this.server = server;
    }

    @Override
    public long submit(Submission submission) {
        try {
            byte[] body = JSON.writeValueAsBytes(Map.of(
                    "workflow",
                    submission.yaml(),
                    "inputs",
                    submission.plan().inputs(),
                    "folder",
                    submission.folder().toString()));
            return read(server.send("POST", "/api/runs", body)).path("id").asLong();
        } catch (Server.Refused refused) {
            if (refused.problems().isEmpty()) {
                throw refused;
            }
            throw new WorkflowFile.Invalid(refused.problems().stream()
                    .map(problem -> told(problem, submission))
                    .toList());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The server knows neither the name of the file nor that this file was found valid here. */
    private static Problem told(Problem problem, Submission submission) {
        boolean outside = problem.code().equals("file");
        return new Problem(
                submission.file().toString(),
                problem.line(),
                problem.column(),
                problem.code(),
                problem.message(),
                problem.excerpt(),
                outside
                        ? "start the server with FEWTUNE_DATA_ROOTS=%s, so that it may read there"
                                .formatted(submission.folder())
                        : problem.maybe());
    }

    @Override
    public RunView run(long id) {
        return parse(server.send("GET", "/api/runs/" + id, null), new TypeReference<>() {});
    }

    @Override
    public List<RunView> runs(int limit) {
        JsonNode page = read(server.send("GET", "/api/runs?limit=" + limit, null));
        return JSON.convertValue(page.isArray() ? page : page.path("items"), new TypeReference<>() {});
    }

    @Override
    public List<CellView> failed(long id) {
        JsonNode page = read(server.send("GET", "/api/runs/" + id + "/cells?state=FAILED", null));
        return JSON.convertValue(page.isArray() ? page : page.path("items"), new TypeReference<>() {});
    }

    @Override
    public void cancel(long id) {
        server.send("POST", "/api/runs/" + id + "/cancel", null);
    }

    @Override
    public void retry(long id, int ordinal) {
        server.send("POST", "/api/runs/" + id + (ordinal < 0 ? "/retry" : "/cells/" + ordinal + "/retry"), null);
    }

    @Override
    public Map<String, byte[]> adapter(long id, int ordinal) {
        String cell = "/api/runs/" + id + "/cells/" + ordinal;
        Map<String, Long> sizes = parse(server.send("GET", cell + "/artifacts", null), new TypeReference<>() {});
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String path : PeftFiles.among(sizes.keySet())) {
            files.put(path.substring(PeftFiles.BEFORE.length()), server.bytes(cell + "/artifacts/" + path));
        }
        return files;
    }

    @Override
    public void merged(long id, int ordinal, Path folder) throws IOException {
        Path zip = Files.createTempFile("merged", ".zip");
        try {
            server.file("/api/runs/" + id + "/cells/" + ordinal + "/merged", zip);
            Draft.of(folder, draft -> unpack(zip, draft));
        } finally {
            Files.deleteIfExists(zip);
        }
    }

    @Override
    public String board(long id, Format format) {
        return server.send("GET", "/api/runs/" + id + "/leaderboard?format=" + format.label(), null);
    }

    /** All files lie in one folder; names of others are none of ours. */
    private static void unpack(Path zip, Path folder) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path name = Path.of(entry.getName()).getFileName();
                Files.copy(entries, folder.resolve(name));
            }
        }
    }

    private static JsonNode read(String json) {
        return parse(json, new TypeReference<>() {});
    }

    private static <T> T parse(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException unexpected) {
            throw new Server.Refused("The server sent something else than expected: " + unexpected.getMessage());
        }
    }
}
