package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.Embedding}: one vector for each index.
 *
 * <p>Immutable; threads may share it.
 *
 * @param count number of vectors
 * @param dim number of features of a vector
 */
public record Embedding(long count, long dim) {
  /**
   * Looks up vectors, as float32.
   *
   * @param scope the module that has {@code weight}
   * @param indices int64 {@code [...]}, from 0 to {@code count - 1}
   * @return {@code [..., dim]}
   */
  public Value of(Scope scope, Value indices) {
    return scope.widen(scope.gather(scope.matrix("weight", count, dim), 0, indices));
  }

  /** Looks up vectors, as float32, each divided by its Euclidean norm. */
  public Value unit(Scope scope, Value indices) {
    var weight = new WeightExpression.Normalized(scope.stored("weight", count, dim));
    return scope.widen(scope.gather(scope.matrix(weight), 0, indices));
  }
}
