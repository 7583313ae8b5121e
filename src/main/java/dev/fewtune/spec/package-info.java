/**
 * What may be said: settings, methods, backbones, tasks and step kinds as records that check themselves, the causes of
 * failure, and the keyed random numbers. May import: the JDK.
 */
package dev.fewtune.spec;
