/**
 * Score rows, statistics, tables, exports. The walk: {@link dev.fewtune.leaderboard.Score} (one training), {@link
 * dev.fewtune.leaderboard.Row} (one method over its seeds), {@link dev.fewtune.leaderboard.Table} (rows that may be
 * compared), {@link dev.fewtune.leaderboard.Board}, {@link dev.fewtune.leaderboard.BoardExports}. May import: spec,
 * artifact, db.
 */
package dev.fewtune.leaderboard;
