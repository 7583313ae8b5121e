/**
 * Score rows, statistics, tables, exports. May import: spec, artifact, db.
 */
package dev.fewtune.leaderboard;
