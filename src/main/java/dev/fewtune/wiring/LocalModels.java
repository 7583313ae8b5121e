package dev.fewtune.wiring;

import dev.fewtune.hub.Local;
import dev.fewtune.hub.ModelId;
import dev.fewtune.hub.Models;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.step.Model;
import dev.fewtune.text.TokenizerJson;
import dev.fewtune.text.Tokenizers;
import dev.fewtune.train.Known;
import dev.fewtune.train.Supply;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Models of this machine: those that are built in, the user's folders, and what was fetched from the Hub. */
record LocalModels(Supply supply, Models models) {
    private static final Path NOWHERE = Path.of("");

    /** See {@link dev.fewtune.step.Bench#model(String, Progress)}. */
    Model open(String name, Progress progress) {
        Optional<BackboneSpec> builtIn = Known.backbone(name);
        return builtIn.isPresent() ? builtIn(builtIn.get()) : found(name, ModelId.parse(name, NOWHERE), progress);
    }

    /** See {@link dev.fewtune.step.Bench#model(String, String, Progress)}. */
    Model open(String name, String hash, Progress progress) {
        Optional<BackboneSpec> builtIn = Known.backbone(name);
        Model model = builtIn.isPresent() ? builtIn(builtIn.get()) : found(name, pinned(name, hash), progress);
        if (!model.hash().equals(hash)) {
            throw CellFailure.yours(
                    "The model %s is another one than its texts were tokenized for: its content has changed. "
                            + "Maybe run the workflow again, or put the model back as it was.",
                    name);
        }
        return model;
    }

    private static ModelId pinned(String name, String commit) {
        ModelId id = ModelId.parse(name, NOWHERE);
        return id.match(builtIn -> id, folder -> id, hub -> hub.at(commit));
    }

    private Model builtIn(BackboneSpec spec) {
        if (!spec.absent().isEmpty()) {
            throw CellFailure.yours("%s", spec.absent());
        }
        return new LocalModel(spec, Known.identity(spec.name()), supply, () -> {
            byte[] json = Known.tokenizerJson(spec.name()).getBytes(StandardCharsets.UTF_8);
            return TokenizerJson.read(spec.name(), new ByteArrayInputStream(json));
        });
    }

    private Model found(String name, ModelId id, Progress progress) {
        Local local = models.open(id, progress);
        Supply with = supply.with(name, local.folder(), local.hash());
        return new LocalModel(with.spec(name), local.hash(), with, () -> Tokenizers.open(local.folder()));
    }
}
