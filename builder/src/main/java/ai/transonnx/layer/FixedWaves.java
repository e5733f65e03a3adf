package ai.transonnx.layer;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Sines, then cosines of a position: x-transformers' {@code FixedPositionalEmbedding}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim features, an even number
 */
public record FixedWaves(long dim) {
  /**
   * The vectors of positions.
   *
   * @param scope where {@code inv_freq}, the angles of one step, are
   * @param positions int64 {@code [..., n]}
   * @return {@code [..., n, dim]}
   */
  public Value of(Scope scope, Value positions) {
    int last = positions.rank();
    var places = scope.unsqueeze(scope.cast(positions, ElementType.FLOAT32), last); // [.., n, 1]
    var angles = scope.mul(places, frequencies(scope)); // [.., n, dim / 2]
    return scope.concat(last, scope.sin(angles), scope.cos(angles));
  }

  private Value frequencies(Scope scope) {
    return scope.parameter("inv_freq", Frequencies.of((int) dim / 2, dim, Frequencies.THETA));
  }
}
