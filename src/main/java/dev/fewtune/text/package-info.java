/**
 * Tokenizers. May import: the JDK (and DJL).
 */
package dev.fewtune.text;
