package dev.fewtune.workflow;

import static dev.fewtune.workflow.ValueSchema.anyOf;
import static dev.fewtune.workflow.ValueSchema.listOf;
import static dev.fewtune.workflow.ValueSchema.named;
import static dev.fewtune.workflow.ValueSchema.object;
import static dev.fewtune.workflow.ValueSchema.orExpression;
import static dev.fewtune.workflow.ValueSchema.text;
import static dev.fewtune.workflow.ValueSchema.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.StepSpec;

/** The shape of a step of one kind, as a part of the JSON Schema. */
record StepSchema(StepSpec spec) {

    ObjectNode write() {
        ObjectNode step = type("object").put("additionalProperties", false);
        step.put("description", spec.title());
        step.putArray("required").add("uses");
        ObjectNode keys = step.putObject("properties");
        keys.set("uses", object().put("const", spec.kind()));
        keys.set("needs", anyOf(text(), listOf(text(), 1)));
        keys.set("matrix", matrix());
        keys.set("with", with());
        keys.set("if", anyOf(type("boolean"), text()));
        keys.set("max-parallel", type("integer").put("minimum", 1).put("maximum", StepReader.MOST_PARALLEL));
        keys.set(
                "priority",
                type("integer")
                        .put("minimum", -StepReader.HIGHEST_PRIORITY)
                        .put("maximum", StepReader.HIGHEST_PRIORITY));
        keys.set("allow-failed", type("boolean"));
        keys.set(NotYet.CACHE, object().put("const", NotYet.OFF));
        return step;
    }

    private ObjectNode matrix() {
        ObjectNode none = object().put("const", MatrixReader.NONE);
        return spec.single() ? none : anyOf(none, from(), axes());
    }

    private static ObjectNode from() {
        ObjectNode from = type("object").put("additionalProperties", false);
        from.putArray("required").add(MatrixEntry.FROM);
        from.putObject("properties").set(MatrixEntry.FROM, text());
        return from;
    }

    private ObjectNode axes() {
        ObjectNode matrix = type("object").put("minProperties", 1);
        matrix.set("propertyNames", named(Names.WORD));
        ObjectNode known = matrix.putObject("properties");
        known.put(MatrixEntry.FROM, false);
        known.set(MatrixEntry.EXCLUDE, rules(orExpression(ValueSchema.axis(""))));
        known.set(MatrixEntry.INCLUDE, rules(object().set("not", type("null"))));
        spec.axes().stream().sorted().forEach(name -> known.set(name, ValueSchema.axis(name)));
        spec.settings().forEach(setting -> known.set(setting.name(), ValueSchema.axis(setting)));
        matrix.set("additionalProperties", ValueSchema.axis(""));
        return matrix;
    }

    private static ObjectNode rules(ObjectNode value) {
        ObjectNode rule = type("object").put("minProperties", 1);
        rule.set("additionalProperties", value);
        return orExpression(listOf(orExpression(rule), 1));
    }

    private ObjectNode with() {
        ObjectNode with = type("object").put("additionalProperties", false);
        ObjectNode known = with.putObject("properties");
        spec.settings().forEach(setting -> known.set(setting.name(), ValueSchema.setting(setting)));
        spec.axes().stream().sorted().forEach(name -> known.set(name, ValueSchema.axis(name)));
        return with;
    }
}
