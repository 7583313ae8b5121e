/**
 * Runs, cells and attempts: the state machine, readiness, the verbs and recovery. Calls step kinds through {@link
 * dev.fewtune.run.StepKind}. May import: workflow, artifact, spec, db.
 */
package dev.fewtune.run;
