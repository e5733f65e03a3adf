package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * rotary-embedding-torch's {@code RotaryEmbedding}: rotates each pair of adjacent features by an
 * angle proportional to the position. Features after the last pair are unchanged.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param cosines cosine of each pair's angle: {@code [b, n, pairs]}
 * @param sines sine of each pair's angle: {@code [b, n, pairs]}
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
 */
public record InterleavedRotary(Value cosines, Value sines) {
  /**
   * The rotation at each position.
   *
   * @param scope the module that has {@code freqs}, the angles in radians per position
   * @param positions float {@code [b, n]}
   * @param pairs number of pairs of features that are rotated
   */
  public static InterleavedRotary of(Scope scope, Value positions, int pairs) {
    var steps = scope.parameter("freqs", pairs);
    var angles = scope.mul(scope.unsqueeze(positions, 2), steps); // [b, n, pairs]
    return new InterleavedRotary(scope.cos(angles), scope.sin(angles));
  }

  /**
   * Rotates queries or keys.
   *
   * @param x the heads' features, concatenated: {@code [b, n, h * d]}, where d is at least {@code 2
   *     * pairs}
   * @param heads number of heads, h
   * @return {@code [b, n, h * d]}
   */
  public Value rotate(Scope scope, Value x, long heads) {
    return scope.rotatePairs(x, cosines, sines, heads);
  }
}
