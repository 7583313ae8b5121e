package dev.fewtune.run;

/** One attempt of one cell, by numbers only: it may outlive the program that made it. */
public record CellRequest(long run, int ordinal, int attempt) {}
