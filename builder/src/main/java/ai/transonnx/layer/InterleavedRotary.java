package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * rotary-embedding-torch's {@code RotaryEmbedding}: turns each pair of neighbouring features by an
 * angle that grows with the position. Features behind the last pair stay as they are.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param cosines {@code [b, n, pairs]}
 * @param sines {@code [b, n, pairs]}
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
 */
public record InterleavedRotary(Value cosines, Value sines) {
  /**
   * The rotation at each position.
   *
   * @param scope where {@code freqs}, the angles of one step, are
   * @param positions float {@code [b, n]}
   * @param pairs how many pairs of features turn
   */
  public static InterleavedRotary of(Scope scope, Value positions, int pairs) {
    var steps = scope.parameter("freqs", pairs);
    var angles = scope.mul(scope.unsqueeze(positions, 2), steps); // [b, n, pairs]
    return new InterleavedRotary(scope.cos(angles), scope.sin(angles));
  }

  /**
   * Rotates queries or keys.
   *
   * @param x heads side by side {@code [b, n, h * d]}, where d is at least {@code 2 * pairs}
   * @param heads how many there are, h
   * @return {@code [b, n, h * d]}
   */
  public Value rotate(Scope scope, Value x, long heads) {
    return scope.rotatePairs(x, cosines, sines, heads);
  }
}
