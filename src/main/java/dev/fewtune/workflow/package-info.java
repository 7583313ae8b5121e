/**
 * Reads a workflow and expands it to cells, or says everything that is wrong with it. May import: spec. Knows nothing of
 * TensorFlow, of the database or of HTTP.
 */
package dev.fewtune.workflow;
