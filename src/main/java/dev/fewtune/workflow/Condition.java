package dev.fewtune.workflow;

/** Whether a cell is wanted, by the {@code if:} of its step. */
record Condition(Tree condition, Problems problems) {

    /** The condition with braces around a bare expression. */
    static Tree expression(Tree condition) {
        return condition instanceof Tree.Scalar scalar
                        && scalar.value() instanceof String text
                        && !Resolver.holdsExpression(text)
                ? new Tree.Scalar(
                        "${{" + text + "}}", scalar.at(), scalar.text().right(-3))
                : condition;
    }

    boolean holds(Resolver resolver) {
        if (condition == null) {
            return true;
        }
        Tree resolved = resolver.resolve(expression(condition));
        if (resolved.plain() instanceof Boolean truth) {
            return truth;
        }
        if (!(resolved instanceof Tree.Failed)) {
            problems.add(
                    condition.at(), "wrong-type", "if must be true or false, but is '%s'".formatted(resolved.plain()));
        }
        return false;
    }
}
