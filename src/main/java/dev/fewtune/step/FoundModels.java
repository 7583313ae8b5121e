package dev.fewtune.step;

import dev.fewtune.hub.ModelId;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.ModelNames;
import dev.fewtune.train.Known;
import java.nio.file.Path;
import java.util.Optional;

/** Models in folders and on the Hub, as far as they can be known without a network. */
final class FoundModels implements ModelNames {
    @Override
    public Named read(String text, Path base) {
        ModelId id = ModelId.parse(text, base);
        return new Named(
                id.text(),
                id.match(builtIn -> Optional.empty(), folder -> Optional.of(folder.path()), hub -> Optional.empty()));
    }

    @Override
    public BackboneSpec look(String name, Path folder) {
        return Known.look(name, folder);
    }
}
