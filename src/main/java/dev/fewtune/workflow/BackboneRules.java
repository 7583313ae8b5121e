package dev.fewtune.workflow;

import dev.fewtune.spec.BackboneSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The backbone is said once, upstream; another one downstream would not fit its tokens. */
record BackboneRules(PlanContext context, StepEntry step, boolean soundSoFar, Problems problems) {
    static final String BACKBONE = "backbone";
    /** In which a step says where it makes a backbone. */
    static final String INTO = "into";

    private static final String MAX_LENGTH = "max_length";

    /** Takes over the backbone of the cells upstream where none is said, and checks what is said of it. */
    void settle(Map<String, CellSettings.Placed> settings, List<Join.Group> upstream) {
        Set<Object> above = new LinkedHashSet<>();
        upstream.forEach(group -> above.addAll(group.backbones()));
        CellSettings.Placed own = settings.get(BACKBONE);
        if (own != null) {
            CellSettings.Placed read = read(own);
            settings.put(BACKBONE, read);
            requireSame(read, above);
            requireMade(read, above, upstream);
        } else if (above.size() == 1) {
            settings.put(BACKBONE, new CellSettings.Placed(above.iterator().next(), step.at()));
        } else if (step.spec().setting(BACKBONE).isPresent()) {
            missing(above, upstream);
        }
        checkLength(settings);
    }

    /** In the form that means the same from any folder. */
    private CellSettings.Placed read(CellSettings.Placed own) {
        return context.models()
                .read(own.text(), own.at(), problems)
                .map(model -> new CellSettings.Placed(model.text(), own.at()))
                .orElse(own);
    }

    private void requireSame(CellSettings.Placed own, Set<Object> above) {
        if (!above.isEmpty() && !above.equals(Set.of(own.value()))) {
            problems.add(
                    own.at(),
                    "backbone",
                    "the step %s asks for the backbone %s, but its input was made for %s"
                            .formatted(step.name(), own.value(), above),
                    "leave it out here");
        }
    }

    /** What a step makes is there only for those that wait for it. */
    private void requireMade(CellSettings.Placed own, Set<Object> above, List<Join.Group> upstream) {
        Optional<String> maker = context.models().maker(own.text());
        boolean awaited = above.contains(own.value())
                || upstream.stream().flatMap(group -> group.cells().stream()).anyMatch(cell -> own.value()
                        .equals(cell.settings().get(INTO)));
        if (maker.isPresent() && !awaited) {
            problems.add(
                    own.at(),
                    BACKBONE,
                    "the step %s asks for the backbone %s, which the step %s makes, and does not wait for it"
                            .formatted(step.name(), own.value(), maker.get()),
                    "needs: [%s]".formatted(maker.get()));
        }
    }

    private void missing(Set<Object> above, List<Join.Group> upstream) {
        if (above.size() > 1) {
            problems.add(
                    step.at(),
                    "missing-setting",
                    "the step %s gets cells of several backbones %s and does not say its own"
                            .formatted(step.name(), above),
                    "with: {backbone: %s}".formatted(above.iterator().next()));
            return;
        }
        boolean told = !soundSoFar
                || !upstream.isEmpty()
                        && upstream.stream().allMatch(group -> group.cells().isEmpty());
        if (!told) {
            problems.add(
                    step.at(),
                    "missing-setting",
                    "the step %s does not say its backbone".formatted(step.name()),
                    "with: {backbone: minilm-l6}");
        }
    }

    private void checkLength(Map<String, CellSettings.Placed> settings) {
        if (step.spec().setting(MAX_LENGTH).isEmpty() || !settings.containsKey(BACKBONE)) {
            return;
        }
        BackboneSpec backbone =
                context.models().spec(settings.get(BACKBONE).text()).orElse(null);
        CellSettings.Placed length = settings.getOrDefault(
                MAX_LENGTH,
                new CellSettings.Placed(
                        step.spec().setting(MAX_LENGTH).orElseThrow().fallback(), step.at()));
        if (backbone != null && length.value() instanceof Long tokens && tokens > backbone.maxLength()) {
            problems.add(
                    length.at(),
                    "max-length",
                    "max_length (%d) must be at most %d, the longest input of %s"
                            .formatted(tokens, backbone.maxLength(), backbone.name()),
                    "max_length: %d".formatted(backbone.maxLength()));
        }
    }
}
