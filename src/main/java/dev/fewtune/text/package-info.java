/**
 * Tokenizers: texts in, token numbers out. May import: the JDK (and DJL).
 */
package dev.fewtune.text;
