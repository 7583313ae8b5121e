package dev.fewtune.workflow;

import dev.fewtune.spec.MetricSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A metric must be known, and compare what the task has. */
record MetricRules(PlanContext context, Problems problems) {
    private static final String SELECT = "select";

    void check(Map<String, CellSettings.Placed> settings, Map<String, Axis.Value> combination) {
        CellSettings.Placed select = settings.get(SELECT);
        if (select == null) {
            return;
        }
        MetricSpec metric = context.catalog().metric(select.text()).orElse(null);
        if (metric == null) {
            problems.unknown(
                    select.at(),
                    "metric",
                    select.text(),
                    context.catalog().metrics().stream().map(MetricSpec::name).toList());
            return;
        }
        Axis.Value task = combination.get(Axis.TASK);
        if (task == null) {
            return;
        }
        labels(context, task.shown())
                .filter(labels -> labels != metric.compares())
                .ifPresent(labels -> {
                    List<String> fitting = context.catalog().metrics().stream()
                            .filter(known -> known.compares() == labels)
                            .map(MetricSpec::name)
                            .toList();
                    problems.add(
                            select.at(),
                            "metric",
                            "the metric %s does not fit the task %s, which has %s"
                                    .formatted(metric.name(), task.shown(), labels),
                            "one of " + String.join(", ", fitting));
                });
    }

    /** Empty where only the data can tell. */
    static Optional<MetricSpec.Labels> labels(PlanContext context, String task) {
        TaskFiles own = context.tasks().get(task);
        if (own == null) {
            return context.catalog()
                    .task(task)
                    .map(spec -> spec.labels().isEmpty() ? MetricSpec.Labels.NUMBERS : MetricSpec.Labels.CLASSES);
        }
        if (!own.labels().isEmpty()) {
            return Optional.of(MetricSpec.Labels.CLASSES);
        }
        return Optional.ofNullable(own.metric())
                .flatMap(context.catalog()::metric)
                .map(MetricSpec::compares);
    }
}
