package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.train.Interchange;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import dev.fewtune.train.TrainSettings;
import dev.fewtune.train.Trainer;
import dev.fewtune.workflow.PlannedCell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Takes an adapter that was trained elsewhere and saved by HF PEFT, so that it is scored like one trained here. */
public final class ImportAdapter implements StepKind {
    private static final String FOLDER = "folder";

    public static final StepSpec SPEC = new StepSpec(
            "import-adapter",
            "Take an adapter that HF PEFT has saved",
            1,
            Pool.DEVICE,
            List.of(Setting.path(
                    FOLDER, List.of(), "The folder with adapter_config.json, or a file of one prompt (.npy, .pt).")),
            Set.of("task"),
            Set.of("tokenize"),
            false);

    private final Bench bench;

    ImportAdapter(Bench bench) {
        this.bench = bench;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        Settings settings = Cells.settings(SPEC, work.cell());
        CellWork.Upstream tokenized = Cells.upstream(work.cell(), work.upstream(), Tokenize.SPEC.kind());
        DatasetCard card = Json.read(Cells.file(tokenized, DatasetCard.FILE), DatasetCard.class);
        Path folder = Path.of(settings.text(FOLDER));
        if (Files.notExists(folder)) {
            throw CellFailure.yours("There is no folder %s. Maybe a path relative to the workflow's file.", folder);
        }
        Model model = bench.model(card.backbone(), card.backboneHash(), work.progress());
        Interchange interchange = new Interchange(model.supply());
        Interchange.Found found = interchange.find(folder, model.spec().name());
        TrainRequest request = new TrainRequest(
                card.backbone(),
                found.method(),
                found.settings(),
                card.outputs(),
                card.regression(),
                card.metric(),
                training(found.pooling().orElse(model.spec().causal() ? "last" : "mean")),
                0,
                card.asking().aim(1));
        TrainResult result = interchange.adopt(folder, request, work.out().resolve(Trainer.ADAPTER));
        Json.write(work.out().resolve(Machine.FILE), Machine.origin(bench.version()));
        Json.write(work.out().resolve(FineTune.REQUEST), request);
        Json.write(work.out().resolve(FineTune.RESULT), result);
        work.progress()
                .log("%s from %s: %,d + %,d + %,d parameters (method, norms, head)."
                        .formatted(
                                found.method(),
                                folder,
                                result.methodParameters(),
                                result.normParameters(),
                                result.headParameters()));
    }

    /** The name of its row on a board. */
    static String variant(PlannedCell cell) {
        return "imported: " + Path.of(Cells.settings(SPEC, cell).text(FOLDER)).getFileName();
    }

    /** Nothing is trained; what a request must say besides. */
    private static TrainSettings training(String pooling) {
        return new TrainSettings(1, 1, 0, "linear", 0, 0, 0, 0, pooling, true, 0);
    }
}
