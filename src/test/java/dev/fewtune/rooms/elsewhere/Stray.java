package dev.fewtune.rooms.elsewhere;

/** Stands outside every room. */
public class Stray {}
