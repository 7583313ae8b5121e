package dev.fewtune.train;

/**
 * What was measured once.
 *
 * @param name says of what, and in which unit
 * @param cpuSeconds processor time of one unit of work, all threads together; 0 where it is not counted
 */
record Figure(String name, double value, double cpuSeconds) {}
