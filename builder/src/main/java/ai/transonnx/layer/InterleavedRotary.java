package ai.transonnx.layer;

import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * rotary-embedding-torch's {@code RotaryEmbedding}: turns each pair of neighbouring features by an
 * angle that grows with the position. Features behind the last pair stay as they are.
 *
 * @param pairs how many pairs of features turn
 * @param cosines {@code [b, 1, n, pairs, 1]}
 * @param sines {@code [b, 1, n, pairs, 1]}
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
 */
public record InterleavedRotary(int pairs, Value cosines, Value sines) {
  /**
   * The rotation at each position.
   *
   * @param scope where {@code freqs}, the angles of one step, are
   * @param positions float {@code [b, n]}
   */
  public static InterleavedRotary of(Scope scope, Value positions, int pairs) {
    var steps = scope.parameter("freqs", pairs);
    var angles = scope.mul(scope.unsqueeze(positions, 2), steps); // [b, n, pairs]
    return new InterleavedRotary(
        pairs, broadcast(scope, scope.cos(angles)), broadcast(scope, scope.sin(angles)));
  }

  private static Value broadcast(Scope scope, Value waves) {
    return scope.unsqueeze(scope.unsqueeze(waves, 1), 4); // [b, 1, n, pairs, 1]
  }

  /**
   * Rotates queries or keys.
   *
   * @param x {@code [b, h, n, d]}, where d is at least {@code 2 * pairs}
   * @return {@code [b, h, n, d]}
   */
  public Value rotate(Scope s, Value x) {
    long rotated = 2L * pairs;
    var left = s.slice(x, 3, 0, rotated);
    var paired = Shape.of(x.dim(0), x.dim(1), x.dim(2), Dim.of(pairs), Dim.of(2));
    var halves = s.split(s.reshape(left, paired), 4, 1, 1); // each [b, h, n, pairs, 1]
    var first = s.sub(s.mul(halves.get(0), cosines), s.mul(halves.get(1), sines));
    var second = s.add(s.mul(halves.get(1), cosines), s.mul(halves.get(0), sines));
    var turned = s.reshape(s.concat(4, first, second), left.shape()); // [b, h, n, 2 * pairs]
    return x.dim(3).is(rotated)
        ? turned
        : s.concat(3, turned, s.slice(x, 3, rotated, Scope.END)); // [b, h, n, d]
  }
}
