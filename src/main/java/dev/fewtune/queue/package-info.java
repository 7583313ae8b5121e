/**
 * The only room with JobRunr. May import: run, db, spec.
 */
package dev.fewtune.queue;
