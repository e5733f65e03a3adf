package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Several residual streams in place of one: {@code num_residual_streams}. Immutable.
 *
 * @param normedEach whether the final norm applies to each stream, not to their sum
 */
public record ResidualStreams(int count, long dim, boolean normedEach) {
  /**
   * The streams before the first layer.
   *
   * @param scope the stack's module
   * @param x {@code [b, n, d]}
   * @return {@code [b, n, s, d]}
   */
  Value of(Scope scope, Value x) {
    return scope.add(scope.unsqueeze(x, 2), scope.parameter("stream_emb", count, dim));
  }

  /** The sum of the streams: {@code [b, n, d]}. */
  Value sum(Scope scope, Value streams) {
    return scope.sum(streams, 2);
  }
}
