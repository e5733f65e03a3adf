package com.example.batch;

/**
 * A line of the input.
 *
 * @param number 1 for the first
 * @param text the line, or the beginning of one that is too long
 * @param tooLong whether the line has more than {@link LineReader#MAX_CHARACTERS}
 */
record Line(long number, String text, boolean tooLong) {}
