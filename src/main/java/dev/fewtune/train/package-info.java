/**
 * The loop: batches, optimizers, schedules, checkpoints; one run of one method on one backbone. May import: backbone, method, graft, task, text, spec.
 */
package dev.fewtune.train;
