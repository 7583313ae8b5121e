package dev.fewtune.leaderboard;

/**
 * The versions and the machine that made a number.
 *
 * @param fewtune version of this program
 * @param tensorflow version of the native library; empty where it had no part
 * @param jdk version of the Java runtime
 * @param os name and version
 * @param cores processors that the process may use
 * @param cpu name of the processor; empty where the system does not tell
 * @param gpu whether TensorFlow has a GPU
 */
public record Origin(
        String fewtune, String tensorflow, String jdk, String os, String arch, int cores, String cpu, boolean gpu) {}
