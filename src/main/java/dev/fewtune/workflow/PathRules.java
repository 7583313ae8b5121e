package dev.fewtune.workflow;

import dev.fewtune.spec.Setting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Paths of a step in the form that means the same from any folder; those that must be said, are. */
record PathRules(PlanContext context, StepEntry step, Problems problems) {
    void settle(Map<String, CellSettings.Placed> settings) {
        for (Setting setting : step.spec().settings()) {
            if (setting.kind() == Setting.Kind.PATH) {
                settle(setting, settings);
            }
        }
    }

    private void settle(Setting setting, Map<String, CellSettings.Placed> settings) {
        CellSettings.Placed said = settings.get(setting.name());
        if (said == null) {
            problems.add(
                    step.at(),
                    "missing-setting",
                    "the step %s does not say its %s".formatted(step.name(), setting.name()),
                    "with: {%s: %s}".formatted(setting.name(), example(setting.choices())));
        } else if (!setting.choices().contains(said.text())) {
            settings.put(setting.name(), new CellSettings.Placed(absolute(setting, said), said.at()));
        }
    }

    private static String example(List<String> choices) {
        return choices.isEmpty() ? "./a-folder" : choices.get(0);
    }

    private String absolute(Setting setting, CellSettings.Placed said) {
        Place place = context.place();
        if (!place.readsFiles()) {
            problems.add(said.at(), "file", "'%s' %s".formatted(said.text(), Place.NO_FILE), Place.ADVICE);
            return said.text();
        }
        try {
            Path path = place.folder().resolve(said.text()).toAbsolutePath().normalize();
            if (!place.admits(path)) {
                problems.add(
                        said.at(), "file", "'%s' lies outside of the data roots %s".formatted(path, place.roots()));
            }
            return path.toString();
        } catch (InvalidPathException wrong) {
            problems.add(
                    said.at(),
                    "file",
                    "%s ('%s') is no path: %s".formatted(setting.name(), said.text(), wrong.getReason()));
            return said.text();
        }
    }
}
