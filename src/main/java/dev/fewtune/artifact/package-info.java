/**
 * The content-addressed store of step outputs: what a manifest names is whole, what no manifest names is rubbish. May
 * import: the JDK (and Jackson, for the manifest).
 */
package dev.fewtune.artifact;
