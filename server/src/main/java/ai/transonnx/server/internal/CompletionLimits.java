package ai.transonnx.server.internal;

/**
 * The limits of a completion.
 *
 * @param choices the maximum number of choices of a request
 * @param newTokens the maximum number of new tokens of a choice
 */
public record CompletionLimits(int choices, int newTokens) {}
