/**
 * From a model's name to its local weights. May import: artifact, spec.
 */
package dev.fewtune.hub;
