/**
 * Makes beans of plain classes. May import everything; imported by nobody.
 */
package dev.fewtune.wiring;
