package ai.transonnx.runtime.generation;

/**
 * The logarithm of the probability that a model assigns to a token: the softmax of its logits,
 * before filters and temperature.
 *
 * @param token the token
 * @param logProbability the natural logarithm, 0 or less
 */
public record TokenLogProbability(long token, double logProbability) {}
