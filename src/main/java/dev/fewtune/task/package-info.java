/**
 * Data sets, metrics and the control classifier. May import: text, spec.
 */
package dev.fewtune.task;
