package ai.transonnx.server.internal;

/**
 * A prompt of a completion.
 *
 * @param text its text
 * @param tokens one or more
 */
record Prompt(String text, long[] tokens) {}
