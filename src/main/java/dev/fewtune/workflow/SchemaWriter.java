package dev.fewtune.workflow;

import static dev.fewtune.workflow.ValueSchema.anyOf;
import static dev.fewtune.workflow.ValueSchema.listOf;
import static dev.fewtune.workflow.ValueSchema.named;
import static dev.fewtune.workflow.ValueSchema.object;
import static dev.fewtune.workflow.ValueSchema.text;
import static dev.fewtune.workflow.ValueSchema.type;
import static dev.fewtune.workflow.ValueSchema.words;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.MetricSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON Schema (draft-07) of workflows, for completion in editors. What the reader refuses by the shape of one value,
 * this refuses too; what depends on other values or on the plan, only the reader knows.
 */
public final class SchemaWriter {
    private SchemaWriter() {}

    public static String write(Catalog catalog) {
        ObjectNode root = object();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "Fewtune workflow");
        root.put("type", "object").put("additionalProperties", false);
        root.putArray("required").add("schema").add("name").add("steps");
        ObjectNode keys = root.putObject("properties");
        keys.set("schema", object().put("const", WorkflowReader.SCHEMA));
        keys.set("name", named(Names.WORKFLOW));
        keys.set("description", text().put("maxLength", WorkflowReader.LONGEST_DESCRIPTION));
        keys.set("inputs", map(Names.WORD, input()));
        keys.set("tasks", map(Names.VALUE, task(catalog)));
        ObjectNode kinds = object();
        catalog.steps().forEach(step -> kinds.withArray("oneOf").add(new StepSchema(step).write()));
        keys.set(
                "steps",
                map(Names.STEP, kinds).put("minProperties", 1).put("maxProperties", WorkflowReader.MOST_STEPS));
        return root.toPrettyString();
    }

    private static ObjectNode map(Names names, ObjectNode value) {
        ObjectNode map = type("object");
        map.set("propertyNames", named(names));
        map.set("additionalProperties", value);
        return map;
    }

    private static ObjectNode input() {
        ObjectNode input = type("object").put("additionalProperties", false);
        input.putArray("required").add("type");
        List<String> types = new ArrayList<>(Input.SCALARS);
        types.add(Input.LIST);
        ObjectNode keys = input.putObject("properties");
        keys.set("type", words(types));
        keys.set("of", words(Input.SCALARS));
        keys.set("default", object());
        keys.set("description", text());
        ArrayNode rules = input.putArray("allOf");
        Input.SCALARS.forEach(type -> {
            rules.add(where("type", type, "default", scalar(type)));
            rules.add(where(
                    "of",
                    type,
                    "default",
                    type("array").put("maxItems", InputValues.LONGEST_LIST).set("items", scalar(type))));
        });
        ObjectNode list = where("type", Input.LIST, "of", object());
        ((ObjectNode) list.get("then")).putArray("required").add("of");
        rules.add(list.set("else", object().set("properties", object().put("of", false))));
        return input;
    }

    /** Where one key has a value, another one has a shape. */
    private static ObjectNode where(String key, String value, String other, ObjectNode shape) {
        ObjectNode rule = object();
        ObjectNode condition = rule.putObject("if");
        condition.putArray("required").add(key);
        condition.putObject("properties").putObject(key).put("const", value);
        rule.putObject("then").putObject("properties").set(other, shape);
        return rule;
    }

    private static ObjectNode scalar(String type) {
        return switch (type) {
            case "integer", "number", "boolean" -> type(type);
            case "method" -> ValueSchema.method();
            default -> type("string");
        };
    }

    private static ObjectNode task(Catalog catalog) {
        ObjectNode task = type("object").put("additionalProperties", false);
        task.putArray("required").add("files").add("text").add("label");
        ObjectNode keys = task.putObject("properties");
        keys.set("files", files());
        keys.set("text", anyOf(text(), listOf(text(), 1).put("maxItems", TaskReader.MOST_TEXTS)));
        keys.set("label", text());
        ObjectNode label = object();
        label.putArray("type").add("string").add("number").add("boolean");
        keys.set("labels", listOf(label, 2));
        keys.set(
                "metric", words(catalog.metrics().stream().map(MetricSpec::name).toList()));
        keys.set("template", text());
        ObjectNode verbalizer = type("object").put("minProperties", 2);
        verbalizer.set("additionalProperties", label.deepCopy());
        keys.set("verbalizer", verbalizer);
        keys.set(TaskReader.SPLITS, words(TaskReader.RULES));
        ObjectNode many = object();
        many.putObject("if").putObject("properties").set("text", type("array").put("minItems", 3));
        many.putObject("then").putArray("required").add("template");
        task.putArray("allOf").add(many);
        return task;
    }

    private static ObjectNode files() {
        ObjectNode files = type("object").put("additionalProperties", false);
        files.putArray("required").add("train").add("test");
        ObjectNode splits = files.putObject("properties");
        String ending = "\\.(%s)$".formatted(String.join("|", FilesReader.ENDINGS));
        FilesReader.SPLITS.forEach(split -> splits.set(split, type("string").put("pattern", ending)));
        return files;
    }
}
