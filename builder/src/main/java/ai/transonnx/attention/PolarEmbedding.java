package ai.transonnx.attention;

import ai.transonnx.attention.RotaryEmbedding.Rotations;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Frequencies;
import ai.transonnx.op.Scope;

/**
 * Polar position embedding, x-transformers' {@code PolarEmbedding}: each feature becomes a vector
 * in the plane, whose length is the softplus of the feature, and whose angle is proportional to the
 * position. The angles of keys also have a learned bias.
 *
 * <p>Immutable; threads may share it.
 *
 * @param features number of features of a head
 * @param heads number of heads with a bias each; 0 if all heads share one
 * @param queryFactor a factor of queries, which undoes the scale of scores
 * @see <a href="https://arxiv.org/abs/2509.10534">PoPE</a>
 */
public record PolarEmbedding(int features, int heads, double queryFactor) {
  private static final double LEAST_BIAS = -2 * Math.PI;

  /**
   * The encodings of positions.
   *
   * @param scope the module that has {@code inv_freq} and {@code learned_bias}
   * @param positions int64 {@code [n]} or {@code [b, n]}, those of queries and keys
   */
  public Rotations of(Scope scope, Value positions) {
    var places = scope.unsqueeze(scope.cast(positions, scope.wideType()), positions.rank());
    var frequencies = Frequencies.of(features, 2L * features, Frequencies.THETA);
    var byPosition = scope.mul(places, scope.parameter("inv_freq", frequencies)); // [.., n, d]
    var angles = positions.rank() == 1 ? byPosition : scope.unsqueeze(byPosition, 1);
    var biased = scope.add(angles, bias(scope)); // [h, n, d], or [b, h, n, d]
    return new Rotations(
        new Encoding(scope.cos(angles), scope.sin(angles), queryFactor),
        new Encoding(scope.cos(biased), scope.sin(biased), 1),
        false);
  }

  private Value bias(Scope scope) {
    var learned =
        heads == 0
            ? scope.parameter("learned_bias", features)
            : scope.parameter("learned_bias", heads, 1, features);
    return scope.min(scope.max(learned, scope.scalar(LEAST_BIAS)), scope.scalar(0f));
  }

  /** The vectors of features: first their first coordinates, then their second ones. */
  private record Encoding(Value cos, Value sin, double factor) implements PositionEncoding {
    @Override
    public Value of(Scope scope, Value x) {
      var given = factor == 1 ? x : scope.mul(x, scope.scalar(factor));
      var softplus = scope.softplus(given);
      var lengths = factor == 1 ? softplus : scope.mul(softplus, scope.scalar(1 / factor));
      return scope.concat(x.rank() - 1, scope.mul(lengths, cos), scope.mul(lengths, sin));
    }
  }
}
