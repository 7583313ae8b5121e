/**
 * The commands. May import: run, step, leaderboard, workflow, hub, artifact, spec.
 */
package dev.fewtune.cli;
