/**
 * Data sets, metrics and the control classifier: built-in tasks from WordNet ({@link dev.fewtune.task.Tasks}), tasks from
 * files ({@link dev.fewtune.task.FileTask}), and what they are scored with. May import: text, spec.
 */
package dev.fewtune.task;
