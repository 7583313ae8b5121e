/**
 * The driver switch, transactions, migrations, the lock of the home folder. May import: the JDK, Panache.
 */
package dev.fewtune.db;
