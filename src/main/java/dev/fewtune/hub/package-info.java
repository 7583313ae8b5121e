/**
 * From a model's name to its local weights: what an id may say, the client of the Hugging Face Hub, and the cache folder
 * that workers share. May import: artifact, spec, and Jackson.
 */
package dev.fewtune.hub;
