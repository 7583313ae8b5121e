/**
 * One file per step kind, and the list of them. May import: train, text, task, artifact, leaderboard, hub, spec, run, workflow.
 */
package dev.fewtune.step;
