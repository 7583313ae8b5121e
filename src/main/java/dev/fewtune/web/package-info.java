/**
 * The pages and the REST API. May import: run, step, leaderboard, workflow, hub, artifact, spec.
 */
package dev.fewtune.web;
