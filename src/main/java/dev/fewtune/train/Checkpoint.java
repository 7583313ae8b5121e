package dev.fewtune.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.backbone.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a training stands, in one safetensors file with the state as metadata, replaced whole.
 *
 * @param identity hash of the request and the data; a checkpoint of something else is not used
 * @param step optimizer steps done
 * @param epochLoss sum of the losses of the unfinished epoch
 * @param bestScore NaN before the first validation
 */
record Checkpoint(
        String identity,
        int step,
        double seconds,
        double epochLoss,
        double bestScore,
        int bestEpoch,
        long tokens,
        long slots,
        List<TrainResult.Point> curve,
        Map<String, Safetensors.Entry> now,
        Map<String, Safetensors.Entry> best) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "checkpoint.safetensors";
    private static final String BEST = "best/";

    /** The numbers of a checkpoint without its tensors. */
    record State(
            String identity,
            int step,
            double seconds,
            double epochLoss,
            double bestScore,
            int bestEpoch,
            long tokens,
            long slots,
            List<TrainResult.Point> curve) {}

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>(now);
        best.forEach((name, entry) -> tensors.put(BEST + name, entry));
        State state = new State(identity, step, seconds, epochLoss, bestScore, bestEpoch, tokens(), slots, curve);
        Safetensors.write(folder.resolve(FILE), tensors, Map.of("state", JSON.writeValueAsString(state)));
    }

    /** The checkpoint in a folder, where it belongs to this request and these data. */
    static Optional<Checkpoint> read(Path folder, String identity) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        State state =
                JSON.readValue(Safetensors.metadata(file).getOrDefault("state", "{}"), new TypeReference<State>() {});
        if (!identity.equals(state.identity())) {
            return Optional.empty();
        }
        Map<String, Safetensors.Entry> now = new LinkedHashMap<>();
        Map<String, Safetensors.Entry> best = new LinkedHashMap<>();
        Safetensors.read(file).forEach((name, entry) -> {
            if (name.startsWith(BEST)) {
                best.put(name.substring(BEST.length()), entry);
            } else {
                now.put(name, entry);
            }
        });
        return Optional.of(new Checkpoint(
                identity,
                state.step(),
                state.seconds(),
                state.epochLoss(),
                state.bestScore(),
                state.bestEpoch(),
                state.tokens(),
                state.slots(),
                state.curve(),
                now,
                best));
    }

    static String identity(TrainRequest request, Encoded train, Encoded validation) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(request.toString().getBytes(StandardCharsets.UTF_8));
            for (Encoded split : List.of(train, validation)) {
                for (int i = 0; i < split.size(); i++) {
                    digest.update((split.ids().get(i) + "|" + split.targets()[i] + "|"
                                    + java.util.Arrays.hashCode(
                                            split.tokens().get(i).ids()))
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
