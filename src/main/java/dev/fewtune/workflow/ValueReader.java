package dev.fewtune.workflow;

import dev.fewtune.spec.Setting;
import dev.fewtune.spec.StepSpec;
import java.util.Optional;

/** Reads one value of an axis. */
record ValueReader(PlanContext context, StepSpec spec, Problems problems) {

    /** Empty where the value is wrong; then a problem says why. */
    Optional<Axis.Value> read(String axis, Tree item) {
        if (item instanceof Tree.Failed) {
            return Optional.empty();
        }
        if (axis.equals(Axis.METHOD) && spec.axes().contains(axis)) {
            return new VariantReader(context.catalog(), spec, problems)
                    .read(item)
                    .map(variant -> new Axis.Value(variant.name(), variant.name(), variant, item.at()));
        }
        if (!(item instanceof Tree.Scalar) || item.plain() == null) {
            new Shapes(problems).wrong(item, "a value of " + axis, "one word or number");
            return Optional.empty();
        }
        String text = String.valueOf(item.plain());
        return Names.VALUE.check(text, "a value of " + axis, item.at(), problems) && legal(axis, item, text)
                ? Optional.of(new Axis.Value(text, item.plain(), null, item.at()))
                : Optional.empty();
    }

    /** The same for values that mean the same. */
    Object canonical(String axis, Axis.Value value) {
        if (axis.equals(BackboneRules.BACKBONE)) {
            return context.models().canonical(value.shown());
        }
        return spec.setting(axis)
                .filter(setting -> value.variant() == null)
                .map(setting -> setting.canonical(value.plain()))
                .orElse(value.shown());
    }

    private boolean legal(String axis, Tree item, String text) {
        Optional<String> problem = spec.setting(axis).flatMap((Setting setting) -> setting.problem(item.plain()));
        if (problem.isPresent()) {
            problems.add(item.at(), "setting", problem.get());
            return false;
        }
        if (axis.equals(BackboneRules.BACKBONE)
                && context.models().read(text, item.at(), problems).isEmpty()) {
            return false;
        }
        boolean names = axis.equals(Axis.TASK)
                || axis.equals(Axis.SOURCE) && spec.axes().contains(axis);
        if (names && !context.taskNames().contains(text)) {
            problems.unknown(item.at(), "task", text, context.taskNames());
            return false;
        }
        if (axis.equals(Axis.SEED) && !(item.plain() instanceof Long)) {
            problems.add(item.at(), "wrong-type", "a seed must be a whole number, but is '%s'".formatted(text));
            return false;
        }
        return true;
    }
}
