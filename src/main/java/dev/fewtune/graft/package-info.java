/**
 * The seam between methods and backbones: joints, grafts, and the makers of variables and layers. May import: spec, TensorFlow.
 */
package dev.fewtune.graft;
