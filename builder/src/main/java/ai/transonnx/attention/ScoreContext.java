package ai.transonnx.attention;

import ai.transonnx.graph.Value;

/**
 * The values of a call that transforms of scores may depend on.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param call the call of the attention
 * @param queries {@code [b, h, i, d]}, after their transforms and rotation
 * @param products the scores before all transforms: {@code [b, h, i, j]}
 */
public record ScoreContext(Attention.Call call, Value queries, Value products) {}
