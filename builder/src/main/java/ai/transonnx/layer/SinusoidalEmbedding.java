package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The libraries' {@code ScaledSinuEmbedding}: the sines, then the cosines of a position at several
 * frequencies, times one learned scale.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features, even
 */
public record SinusoidalEmbedding(long dim) {
  /**
   * Computes the embeddings of positions.
   *
   * @param scope the module that has {@code scale} and {@code inv_freq}
   * @param positions float {@code [b, n]}
   * @return {@code [b, n, dim]}
   */
  public Value of(Scope scope, Value positions) {
    var known = Frequencies.of((int) dim / 2, dim, Frequencies.THETA);
    var frequencies = scope.parameter("inv_freq", known);
    var angles = scope.mul(scope.unsqueeze(positions, 2), frequencies); // [b, n, dim / 2]
    var waves = scope.concat(2, scope.sin(angles), scope.cos(angles)); // [b, n, dim]
    return scope.mul(waves, scope.parameter("scale", 1));
  }
}
