package dev.fewtune.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The two requests to the Hub: which files a revision has, and the content of one. */
final class HubClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_LISTING = 64 << 20;

    private final HubSettings settings;
    private final Wire wire;
    private final Retrying retrying;
    private final Refusals refusals;

    HubClient(HubSettings settings) {
        this.settings = settings;
        this.wire = new Wire(settings);
        this.retrying = new Retrying(settings);
        this.refusals = new Refusals(settings);
    }

    Retrying retrying() {
        return retrying;
    }

    /**
     * The commit that a revision stands for now, and its files.
     *
     * @throws CellFailure with cause YOURS where there is no such revision, or none for this token; TRANSIENT where the
     *     Hub does not answer
     */
    Revision revision(ModelId.Hub id, Progress progress) {
        URI address = address("/api/models/%s/%s/revision/%s?blobs=true", id.org(), id.name(), id.revision());
        return retrying.run("The list of files of " + id.text(), progress, () -> {
            try (Answer answer = wire.get(address, Map.of("Accept", "application/json"), progress)) {
                refusals.requireContent(answer, id, "");
                return read(answer.bytes(LONGEST_LISTING, progress), id);
            }
        });
    }

    /**
     * The content of a file, to be closed.
     *
     * @param id pinned to a commit
     * @param from the first byte that is wanted
     * @param etag of the bytes before it; the whole file comes where it is no longer the same
     * @throws CellFailure with cause YOURS where another try would end the same way
     * @throws IOException where another try may help
     */
    Answer content(ModelId.Hub id, String file, long from, String etag, Progress progress) throws IOException {
        URI address = address("/%s/%s/resolve/%s/%s", id.org(), id.name(), id.revision(), file);
        Map<String, String> headers =
                from == 0 ? Map.of() : Map.of("Range", "bytes=%s-".formatted(from), "If-Range", etag);
        Answer answer = wire.get(address, headers, progress);
        try {
            if (answer.status() != Download.NO_SUCH_RANGE) {
                refusals.requireContent(answer, id, file);
            }
            return answer;
        } catch (IOException | RuntimeException refused) {
            answer.close();
            throw refused;
        }
    }

    /** As one segment of a path: a slash in it is no border. */
    static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private URI address(String form, Object... segments) {
        Object[] encoded = new Object[segments.length];
        for (int i = 0; i < segments.length; i++) {
            encoded[i] = encode(segments[i].toString());
        }
        return URI.create(settings.endpoint() + form.formatted(encoded));
    }

    private Revision read(byte[] listing, ModelId.Hub id) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(listing);
        } catch (JsonProcessingException e) {
            throw notTheHub("it is no JSON");
        }
        String commit = root.path("sha").asText();
        if (!ModelId.Hub.isCommit(commit) || !root.path("siblings").isArray()) {
            throw notTheHub("it has no commit and no files");
        }
        if (id.isPinned() && !commit.equals(id.revision())) {
            throw notTheHub("it is about the commit %s".formatted(commit));
        }
        List<RemoteFile> files = new ArrayList<>();
        root.path("siblings").forEach(file -> files.add(file(file)));
        return new Revision(commit, files);
    }

    private static RemoteFile file(JsonNode file) {
        JsonNode large = file.path("lfs");
        // The git hash of a large file is that of its pointer.
        Checksum checksum = large.isObject()
                ? Checksum.of(Checksum.Kind.SHA256, large.path("sha256").asText())
                : Checksum.of(Checksum.Kind.GIT_BLOB, file.path("blobId").asText());
        long size = file.path("size").asLong(large.path("size").asLong(RemoteFile.UNKNOWN));
        return new RemoteFile(file.path("rfilename").asText(), size, checksum);
    }

    private CellFailure notTheHub(String why) {
        return CellFailure.yours(
                "%s does not answer as the Hub does when asked for the files of a model: %s. Maybe %s is wrong.",
                settings.endpoint(), why, HubSettings.ENDPOINT);
    }
}
