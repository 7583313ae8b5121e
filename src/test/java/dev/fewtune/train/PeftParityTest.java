package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.LanguageLoss;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Tensors;
import dev.fewtune.graft.Variable;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** What HF PEFT computes with a folder that it saved; made by {@code src/test/reference/peft_parity.py}. */
class PeftParityTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final Path FOLDERS = Path.of("src/test/resources/peft");

    @TempDir
    Path cache;

    static List<String> folders() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDERS)) {
            return files.filter(file -> file.endsWith("expected.json"))
                    .map(file -> FOLDERS.relativize(file.getParent()).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void logitsAndTenStepsFromAFolderAreThoseOfPeft(String name) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(FOLDERS.resolve(name).resolve("expected.json").toFile());
        double share = name.endsWith("fourierft") ? 1e-5 : 1e-7;
        try (Training training = new Training(name)) {
            double[] logits = training.logits();
            int stride = expected.get("stride").asInt();
            for (int i = 0; i < expected.get("logits").size(); i++) {
                double wanted = expected.get("logits").get(i).asDouble();
                assertThat(logits[i * stride])
                        .as("logit %s", i * stride)
                        .isEqualTo(wanted, Offset.offset(share * (1 + Math.abs(wanted))));
            }
            JsonNode losses = expected.get("losses");
            // Turned keys are other numbers, and AdamW looks at each number for itself.
            int steps = name.endsWith("prefix-tuning") ? 1 : losses.size();
            for (int step = 0; step < steps; step++) {
                double wanted = losses.get(step).asDouble();
                assertThat(training.step(expected.get("lr").asDouble(), step))
                        .as("loss before step %s", step)
                        .isEqualTo(wanted, Offset.offset(10 * share * wanted));
            }
        }
    }

    @Test
    void everyMethodOfPeftIsAmongTheFolders() throws IOException {
        assertThat(folders())
                .filteredOn(name -> name.startsWith("llama/"))
                .extracting(name -> PeftImport.method(PeftFolder.config(FOLDERS.resolve(name)))
                        .spec()
                        .name())
                .contains(
                        "lora",
                        "rslora",
                        "dora",
                        "ia3",
                        "vera",
                        "loha",
                        "lokr",
                        "oft",
                        "boft",
                        "fourierft",
                        "ln-tuning",
                        "prompt-tuning",
                        "p-tuning-v2");
    }

    /** The text of the fixture as one constant batch; float64. */
    private final class Training implements AutoCloseable {
        private final Graph graph = new Graph();
        private final Operand<TFloat64> logits;
        private final Operand<TFloat64> loss;
        private final Optimizer<TFloat64> optimizer;
        private final Session session;

        Training(String name) throws IOException {
            Path model = MODELS.resolve(Path.of(name).getName(0));
            Backbone backbone = FolderBackbone.open("tiny", model);
            PeftImport found = new PeftImport(FOLDERS.resolve(name), backbone);
            LanguageLoss net = new LanguageLoss(model);
            Ops tf = Ops.create(graph);
            Vars<TFloat64> vars = new Vars<>(tf, TFloat64.class);
            Settings settings = Settings.of(found.method().spec().settings(), found.settings());
            Pass<TFloat64> pass = new Pass<>(tf, TFloat64.class, null);
            Layers<TFloat64> layers = new Layers<>(pass, vars, found.method().graft(vars, settings), 0);
            loss = net.loss(layers);
            logits = net.logits(layers);
            optimizer = new Optimizer<>(tf, TFloat64.class, loss, vars.trained(), new Optimizing(0, 1));
            session = new Session(graph, Learner.plainConfig());
            vars.assign(session, net.weights(cache), 1);
            optimizer.moments().zero(session);
            set(vars, found);
        }

        private void set(Vars<TFloat64> vars, PeftImport found) {
            List<Variable<TFloat64>> fixed = vars.frozen().stream()
                    .filter(variable -> variable.init() != null)
                    .toList();
            Map<String, Variable<TFloat64>> known = new HashMap<>();
            Stream.concat(vars.trained().stream(), fixed.stream())
                    .forEach(variable -> known.put(variable.name(), variable));
            try (Tensors open = new Tensors()) {
                Session.Runner runner = session.runner();
                for (Safetensors.Entry entry : found.entries(vars.trained(), fixed)) {
                    Variable<TFloat64> place = known.get(entry.name());
                    Numbers numbers = Numbers.of(entry);
                    runner.feed(place.fed(), open.add(Tensors.of(TFloat64.class, place.shape(), numbers.values())))
                            .addTarget(place.assign());
                }
                runner.run().close();
            }
        }

        double[] logits() {
            try (Result result = session.runner().fetch(logits).run()) {
                return Tensors.read(result.get(0));
            }
        }

        double step(double rate, long step) {
            try (Tensors open = new Tensors()) {
                Session.Runner runner = session.runner().fetch(loss);
                optimizer.addTo(runner, open, rate, step, 10, 1);
                try (Result result = runner.run()) {
                    return Tensors.read(result.get(0))[0];
                }
            }
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }
    }
}
