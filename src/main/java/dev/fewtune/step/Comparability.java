package dev.fewtune.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.train.TrainRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What two scores must share to be compared: model, data and budget; not the method, its learning rate and its seed. A
 * setting that is new in the records counts, unless it is named here.
 *
 * @param precision in which numbers they were scored
 * @param dataHash of the examples that were scored
 */
record Comparability(DatasetCard card, TrainRequest request, String split, String precision, String dataHash) {
    private static final List<String> OF_THE_METHOD = List.of("method", "methodSettings", "seed");
    private static final List<String> FREE = List.of("learningRate", "headRate", "normRate", "checkpointEvery");
    /** What a method is given is the method's. */
    private static final String GIFTS = "gifts";
    /** Drawn anew for each seed, as a training is. */
    private static final String SHOTS = "shots";
    /** What follows from the rest, and words for people. */
    private static final List<String> OF_NO_MATTER = List.of(
            "task",
            "source",
            "maxTrainSamples",
            "maxValidationSamples",
            "maxTestSamples",
            "truncated",
            "constant",
            "notes");

    /** 16 hexadecimal digits. */
    String hash() {
        ObjectNode asked = Json.MAPPER.valueToTree(request);
        asked.remove(OF_THE_METHOD);
        asked.withObject("training").remove(FREE);
        asked.withObject("beside").remove(GIFTS);
        ObjectNode data = Json.MAPPER.valueToTree(card);
        data.remove(OF_NO_MATTER);
        if (data.get(SHOTS) instanceof ObjectNode shots) {
            shots.remove("seed");
        } else {
            data.remove(SHOTS);
        }
        String all = asked.toString() + data + split + precision + dataHash;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
