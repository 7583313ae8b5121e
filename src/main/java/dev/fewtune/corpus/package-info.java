/**
 * Running text for pretraining: token blocks cut from files, and the noise that a network learns to undo. Imports text
 * and spec.
 */
package dev.fewtune.corpus;
