/**
 * The methods, one small file each, and the list of them. May import: graft, spec.
 */
package dev.fewtune.method;
