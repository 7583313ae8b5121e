package dev.fewtune.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fewtune.run.RunView;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.TaskSpec;
import dev.fewtune.step.PeftFiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists as text and as JSON. */
final class Printed {
    private static final ObjectWriter JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .writerWithDefaultPrettyPrinter();

    private Printed() {}

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String methods(List<MethodSpec> methods) {
        return methods.stream()
                .map(method -> String.format(
                        Locale.ROOT,
                        "%-16s %s%s: %s%n%s%s                 %s%n",
                        method.name(),
                        method.title(),
                        method.confidence() == Confidence.RECONSTRUCTION ? " (reconstruction)" : "",
                        method.idea(),
                        rates(method.learningRate()),
                        settings(method.settings()),
                        method.citation()))
                .collect(Collectors.joining());
    }

    private static String rates(Rates rates) {
        return "                 learning_rate: %s (encoder), %s (decoder), %s (encoder-decoder)%n"
                .formatted(rates.encoder(), rates.decoder(), rates.encoderDecoder());
    }

    static String backbones(List<BackboneSpec> backbones) {
        return backbones.stream()
                .map(model -> String.format(
                        Locale.ROOT,
                        "%-16s %s, %,d parameters, up to %d tokens; %s%n%s",
                        model.name(),
                        model.title(),
                        model.parameters(),
                        model.maxLength(),
                        model.source(),
                        model.absent().isEmpty() ? "" : " ".repeat(17) + model.absent() + System.lineSeparator()))
                .collect(Collectors.joining());
    }

    static String tasks(List<TaskSpec> tasks) {
        return tasks.stream()
                .map(task -> String.format(
                        Locale.ROOT,
                        "%-24s %s; %d classes, %s; %s%n%s",
                        task.name(),
                        task.title(),
                        task.labels().size(),
                        task.metric(),
                        task.source(),
                        task.note().isEmpty() ? "" : " ".repeat(25) + task.note() + System.lineSeparator()))
                .collect(Collectors.joining());
    }

    static String runs(List<RunView> runs) {
        return runs.stream()
                .map(run -> String.format(
                        Locale.ROOT,
                        "%-6d %-24s %-10s %5d cells  %s%n",
                        run.id(),
                        run.workflow(),
                        run.state(),
                        run.total(),
                        run.createdAt()))
                .collect(Collectors.joining());
    }

    static String adapter(PeftFiles.Look look) {
        return String.format(
                Locale.ROOT,
                "%s, read as %s: %,d parameters in %d tensors%nbase model: %s%n%s",
                look.type(),
                look.method(),
                look.parameters(),
                look.tensors(),
                look.backbone().isEmpty() ? "not said" : look.backbone(),
                look.settings().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(setting -> "%s: %s%n".formatted(setting.getKey(), setting.getValue()))
                        .collect(Collectors.joining()));
    }

    private static String settings(List<Setting> settings) {
        return settings.stream()
                .map(setting -> String.format(
                        Locale.ROOT,
                        "                 %s = %s: %s%n",
                        setting.name(),
                        setting.fallback(),
                        setting.says()))
                .collect(Collectors.joining());
    }
}
