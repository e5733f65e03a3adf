package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * x-transformers' {@code FixedPositionalEmbedding}: the sines, then the cosines of a position at
 * several frequencies.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features, even
 */
public record FixedWaves(long dim) {
  /**
   * Computes the embeddings of positions.
   *
   * @param scope the module that has {@code inv_freq}, the frequencies in radians per position
   * @param positions int64 {@code [..., n]}
   * @return {@code [..., n, dim]}
   */
  public Value of(Scope scope, Value positions) {
    int last = positions.rank();
    var places = scope.unsqueeze(scope.cast(positions, scope.wideType()), last); // [.., n, 1]
    var angles = scope.mul(places, frequencies(scope)); // [.., n, dim / 2]
    return scope.concat(last, scope.sin(angles), scope.cos(angles));
  }

  private Value frequencies(Scope scope) {
    return scope.parameter("inv_freq", Frequencies.of((int) dim / 2, dim, Frequencies.THETA));
  }
}
