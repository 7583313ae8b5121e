package dev.fewtune.workflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.StepSpec;
import java.util.List;

/** The JSON Schema (draft-07) of workflows, for completion in editors. The reader knows more than it can say. */
public final class SchemaWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXPRESSION = "\\$\\{\\{";

    private SchemaWriter() {}

    public static String write(Catalog catalog) {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "Fewtune workflow");
        root.put("type", "object").put("additionalProperties", false);
        root.putArray("required").add("schema").add("name").add("steps");
        ObjectNode keys = root.putObject("properties");
        keys.putObject("schema").put("const", WorkflowReader.SCHEMA);
        keys.putObject("name").put("type", "string");
        keys.putObject("description").put("type", "string");
        inputs(keys.putObject("inputs"));
        tasks(keys.putObject("tasks"));
        ObjectNode steps = keys.putObject("steps").put("type", "object");
        steps.put("minProperties", 1);
        ArrayNode kinds = steps.putObject("additionalProperties").putArray("oneOf");
        catalog.steps().forEach(step -> kinds.add(step(step)));
        return root.toPrettyString();
    }

    private static void inputs(ObjectNode inputs) {
        inputs.put("type", "object");
        ObjectNode input = inputs.putObject("additionalProperties").put("type", "object");
        input.put("additionalProperties", false).putArray("required").add("type");
        ObjectNode keys = input.putObject("properties");
        ArrayNode types = keys.putObject("type").putArray("enum");
        Input.SCALARS.forEach(types::add);
        types.add("list");
        ArrayNode items = keys.putObject("of").putArray("enum");
        Input.SCALARS.forEach(items::add);
        keys.putObject("default");
        keys.putObject("description").put("type", "string");
    }

    private static void tasks(ObjectNode tasks) {
        tasks.put("type", "object");
        ObjectNode task = tasks.putObject("additionalProperties").put("type", "object");
        task.put("additionalProperties", false);
        task.putArray("required").add("files").add("text").add("label");
        ObjectNode keys = task.putObject("properties");
        ObjectNode files = keys.putObject("files").put("type", "object").put("additionalProperties", false);
        files.putArray("required").add("train").add("test");
        ObjectNode splits = files.putObject("properties");
        List.of("train", "validation", "test")
                .forEach(split -> splits.putObject(split).put("type", "string"));
        keys.putObject("text").putArray("type").add("string").add("array");
        keys.putObject("label").put("type", "string");
        keys.putObject("labels").put("type", "array");
        keys.putObject("metric").put("type", "string");
    }

    private static ObjectNode step(StepSpec spec) {
        ObjectNode step = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        step.put("description", spec.title());
        step.putArray("required").add("uses");
        ObjectNode keys = step.putObject("properties");
        keys.putObject("uses").put("const", spec.kind());
        keys.putObject("needs").putArray("type").add("string").add("array");
        keys.putObject("matrix").putArray("type").add("string").add("object");
        keys.putObject("if").putArray("type").add("string").add("boolean");
        keys.putObject("max-parallel").put("type", "integer").put("minimum", 1);
        keys.putObject("priority").put("type", "integer");
        keys.putObject("allow-failed").put("type", "boolean");
        keys.putObject("cache").put("const", "off");
        ObjectNode with = keys.putObject("with").put("type", "object").put("additionalProperties", false);
        ObjectNode settings = with.putObject("properties");
        spec.settings().forEach(setting -> settings.set(setting.name(), setting(setting)));
        spec.axes().stream().sorted().forEach(settings::putObject);
        return step;
    }

    private static ObjectNode setting(Setting setting) {
        ObjectNode schema = JSON.createObjectNode().put("description", setting.says());
        ArrayNode either = schema.putArray("anyOf");
        ObjectNode value = either.addObject();
        switch (setting.kind()) {
            case INTEGER ->
                value.put("type", "integer")
                        .put("minimum", (long) setting.min())
                        .put("maximum", (long) setting.max());
            case NUMBER ->
                value.put("type", "number").put("minimum", setting.min()).put("maximum", setting.max());
            case FLAG -> value.put("type", "boolean");
            case CHOICE -> setting.choices().forEach(value.putArray("enum")::add);
            case CHOICES -> value.put("type", "array");
            case TEXT -> value.put("type", "string");
        }
        either.addObject().put("type", "string").put("pattern", EXPRESSION);
        return schema;
    }
}
