package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.Embedding}: one vector for each index.
 *
 * <p>Immutable; threads may share it.
 *
 * @param count how many vectors
 * @param dim features of a vector
 */
public record Embedding(long count, long dim) {
  /**
   * Looks vectors up, as float32.
   *
   * @param scope where {@code weight} is
   * @param indices int64 {@code [...]}, from 0 to {@code count - 1}
   * @return {@code [..., dim]}
   */
  public Value of(Scope scope, Value indices) {
    return scope.widen(scope.gather(scope.matrix("weight", count, dim), 0, indices));
  }

  /** Looks vectors up, as float32, each of which is divided by its length. */
  public Value unit(Scope scope, Value indices) {
    var weight = new WeightExpression.Normalized(scope.stored("weight", count, dim));
    return scope.widen(scope.gather(scope.matrix(weight), 0, indices));
  }
}
