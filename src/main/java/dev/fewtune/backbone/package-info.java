/**
 * Pretrained networks as TensorFlow graphs, and the readers of their weights. May import: graft, spec.
 */
package dev.fewtune.backbone;
