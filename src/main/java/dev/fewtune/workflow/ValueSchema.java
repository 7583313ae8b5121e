package dev.fewtune.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.Setting;
import java.util.Collection;

/** The shapes of single values, as parts of the JSON Schema. */
final class ValueSchema {
    private static final String EXPRESSION = "\\$\\{\\{";
    private static final String NOT_BLANK = "\\S";

    private ValueSchema() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode type(String type) {
        return object().put("type", type);
    }

    /** A text that is not empty. */
    static ObjectNode text() {
        return type("string").put("pattern", NOT_BLANK);
    }

    static ObjectNode named(Names names) {
        return type("string").put("pattern", names.pattern()).put("maxLength", names.longest());
    }

    static ObjectNode words(Collection<String> words) {
        ObjectNode schema = object();
        words.forEach(schema.putArray("enum")::add);
        return schema;
    }

    static ObjectNode anyOf(JsonNode... alternatives) {
        ObjectNode schema = object();
        for (JsonNode alternative : alternatives) {
            schema.withArray("anyOf").add(alternative);
        }
        return schema;
    }

    static ObjectNode listOf(JsonNode item, int least) {
        ObjectNode schema = type("array").put("minItems", least).put("uniqueItems", true);
        schema.set("items", item);
        return schema;
    }

    /** The value itself, or an expression that gives it. */
    static ObjectNode orExpression(JsonNode value) {
        return anyOf(value, type("string").put("pattern", EXPRESSION));
    }

    static ObjectNode setting(Setting setting) {
        return orExpression(value(setting)).put("description", setting.says());
    }

    private static ObjectNode value(Setting setting) {
        return switch (setting.kind()) {
            case INTEGER -> type("integer").put("minimum", (long) setting.min()).put("maximum", (long) setting.max());
            case NUMBER -> type("number").put("minimum", setting.min()).put("maximum", setting.max());
            case FLAG -> type("boolean");
            case CHOICE -> words(setting.choices());
            case CHOICES -> listOf(words(setting.choices()), 1);
            case TEXT, PATH -> type("string");
        };
    }

    /** One value or several, on an axis whose values are those of a setting. */
    static ObjectNode axis(Setting setting) {
        return axis(value(setting)).put("description", setting.says());
    }

    /** One value or several, on an axis of which only the name is known. */
    static ObjectNode axis(String name) {
        return switch (name) {
            case Axis.METHOD -> axis(method());
            case Axis.TASK -> axis(named(Names.VALUE));
            case Axis.SEED -> axis(type("integer"));
            default -> axis(anyOf(named(Names.VALUE), type("number"), type("boolean")));
        };
    }

    private static ObjectNode axis(ObjectNode value) {
        ObjectNode item = orExpression(value);
        return anyOf(item, listOf(item, 1));
    }

    /** A name, or one variant: {@code {lora-big: {method: lora, rank: 64}}}. */
    static ObjectNode method() {
        ObjectNode settings = type("object");
        settings.putArray("required").add("method");
        settings.putObject("properties").set("method", text());
        ObjectNode variant = type("object").put("minProperties", 1).put("maxProperties", 1);
        variant.set("propertyNames", named(Names.VALUE));
        variant.set("additionalProperties", settings);
        return anyOf(text(), variant);
    }
}
