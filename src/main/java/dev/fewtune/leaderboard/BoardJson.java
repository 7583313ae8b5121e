package dev.fewtune.leaderboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A board as JSON. The names of the fields are written out here, so that renaming a record never changes the file. What
 * is absent is null.
 */
final class BoardJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BoardJson() {}

    static String write(Board board) {
        ObjectNode root = JSON.createObjectNode().put("version", 1);
        ArrayNode tables = root.putArray("tables");
        board.tables().forEach(table -> table(table, tables.addObject()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A board of plain values could not be written as JSON.", e);
        }
    }

    private static void table(Table table, ObjectNode node) {
        node.put("backbone", table.backbone())
                .put("task", table.task())
                .put("split", table.split())
                .put("metric", table.metric())
                .put("comparability", table.comparability())
                .put("trainSize", table.trainSize())
                .put("validationSize", table.validationSize())
                .put("testSize", table.testSize());
        number(node, "majority", table.majority());
        number(node, "standardError", table.standardError());
        node.put("baseline", table.baseline().orElse(null));
        table.notes().forEach(node.putArray("notes")::add);
        ArrayNode rows = node.putArray("rows");
        table.rows().forEach(row -> row(row, rows.addObject()));
    }

    private static void row(Row row, ObjectNode node) {
        node.put("variant", row.variant())
                .put("method", row.method())
                .put("kind", row.kind().label());
        ObjectNode axes = node.putObject("axes");
        row.axes().forEach(axes::put);
        number(node, "mean", row.mean());
        number(node, "sd", row.sd());
        node.put("n", row.n());
        row.seeds().forEach(node.putArray("seeds")::add);
        node.putObject("parameters")
                .put("method", row.parameters().method())
                .put("norms", row.parameters().norms())
                .put("head", row.parameters().head())
                .put("total", row.parameters().total());
        number(node, "trainSeconds", row.costs().trainSeconds());
        number(node, "trainExamplesPerSecond", row.costs().trainExamplesPerSecond());
        number(node, "inferenceExamplesPerSecond", row.costs().inferenceExamplesPerSecond());
        node.put("peakMemoryBytes", row.costs().peakMemoryBytes())
                .put("adapterBytes", row.costs().adapterBytes());
        number(node, "learningRate", row.learningRate());
        row.curve().forEach(node.putArray("curve")::add);
        difference(node, "overHead", row.overHead());
        difference(node, "overBaseline", row.overBaseline());
        row.notes().forEach(node.putArray("notes")::add);
        node.put("notApplicable", row.notApplicable().orElse(null)).put("cached", row.cached());
        ArrayNode trainedOn = node.putArray("trainedOn");
        row.trainedOn().forEach(origin -> origin(origin, trainedOn.addObject()));
        ArrayNode scoredOn = node.putArray("scoredOn");
        row.scoredOn().forEach(origin -> origin(origin, scoredOn.addObject()));
    }

    private static void origin(Origin origin, ObjectNode node) {
        node.put("fewtune", origin.fewtune())
                .put("tensorflow", origin.tensorflow())
                .put("jdk", origin.jdk())
                .put("os", origin.os())
                .put("arch", origin.arch())
                .put("cores", origin.cores())
                .put("cpu", origin.cpu())
                .put("gpu", origin.gpu());
    }

    private static void difference(ObjectNode node, String name, Optional<Difference> difference) {
        if (difference.isEmpty()) {
            node.putNull(name);
            return;
        }
        ObjectNode inner = node.putObject(name).put("points", difference.get().points());
        number(inner, "standardError", difference.get().standardError());
        inner.put("seeds", difference.get().seeds());
    }

    private static void number(ObjectNode node, String name, OptionalDouble value) {
        node.put(name, value.isEmpty() ? null : Double.valueOf(value.getAsDouble()));
    }
}
