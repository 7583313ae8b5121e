package dev.fewtune.spec;

import java.nio.file.Path;
import java.util.Optional;

/** Reads the names of models that are not built in: a folder, or a revision on the Hugging Face Hub. */
public interface ModelNames {
    /**
     * @param base what a relative path begins at
     * @throws CellFailure with cause YOURS where the text is no such name
     */
    Named read(String text, Path base);

    /**
     * What the configuration of the model in a folder tells; its weights are not looked at.
     *
     * @param name for the spec
     * @throws CellFailure with cause YOURS where there is no model that can be read
     */
    BackboneSpec look(String name, Path folder);

    /**
     * A model's name.
     *
     * @param text the form in which a plan keeps it: it means the same from any folder
     * @param folder where the model is one of this machine
     */
    record Named(String text, Optional<Path> folder) {}
}
