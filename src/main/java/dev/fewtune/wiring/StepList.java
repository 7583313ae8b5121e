package dev.fewtune.wiring;

import dev.fewtune.run.StepKind;
import java.util.List;

/** The step kinds of this process, as one bean. */
public record StepList(List<StepKind> kinds) {}
