package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;

/**
 * Rotary position embedding. Operands of float16 and bfloat16 are computed in float32.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Rotations extends Arithmetic, Layout, Indexing {
  /**
   * Rotates each pair of adjacent features of each head. Features after the last pair are
   * unchanged.
   *
   * @param given the heads' features, concatenated: {@code [b, n, h * d]}
   * @param cosines cosine of each pair's angle: {@code [b, n, pairs]}
   * @param sines sine of each pair's angle: {@code [b, n, pairs]}
   * @param heads number of heads, h
   * @return {@code [b, n, h * d]}
   * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
   */
  default Value rotatePairs(Value given, Value cosines, Value sines, long heads) {
    var x = widen(given);
    var operation = operation("RotaryEmbedding").inputs(x, cosines, sines);
    checkRotation(operation, x, cosines, sines, heads);
    if (operation.opset() < 23) {
      return rotatedPairs(x, cosines, sines, Dim.of(heads));
    }
    return expansion("RotaryEmbedding")
        .map(
            scope ->
                scope.result(((Rotations) scope).rotatedPairs(x, cosines, sines, Dim.of(heads))))
        .orElseGet(
            () ->
                operation
                    .attribute("interleaved", 1)
                    .attribute("num_heads", heads)
                    .attribute("rotary_embedding_dim", 2 * cosines.dim(2).size())
                    .output(x.type()));
  }

  private static void checkRotation(
      NodeBuilder operation, Value x, Value cosines, Value sines, long heads) {
    Checks.rank(operation, x, 3);
    Checks.rank(operation, cosines, 3);
    Checks.sameElements(operation, x, cosines);
    Checks.sameElements(operation, x, sines);
    long features = x.dim(2).size();
    boolean fits =
        cosines.shape().equals(sines.shape())
            && x.shape().without(2).equals(cosines.shape().without(2))
            && features % heads == 0
            && 2 * cosines.dim(2).size() <= features / heads;
    if (!fits) {
      throw operation.error(
          "%s heads of %s cannot be rotated by cosines of %s and sines of %s"
              .formatted(heads, x.type(), cosines.type(), sines.type()));
    }
  }

  private Value rotatedPairs(Value x, Value cosines, Value sines, Dim heads) {
    long turning = 2 * cosines.dim(2).size();
    long all = x.dim(2).size() / heads.size();
    var apart = reshape(x, Shape.of(x.dim(0), x.dim(1), heads, Dim.of(all))); // [b, n, h, d]
    var turned = slice(apart, 3, 0, turning);
    var paired = Shape.of(x.dim(0), x.dim(1), heads, cosines.dim(2), Dim.of(2));
    var pair = split(reshape(turned, paired), 4, 1, 1); // each [b, n, h, pairs, 1]
    var cos = unsqueeze(unsqueeze(cosines, 2), 4); // [b, n, 1, pairs, 1]
    var sin = unsqueeze(unsqueeze(sines, 2), 4);
    var first = sub(mul(pair.get(0), cos), mul(pair.get(1), sin));
    var second = add(mul(pair.get(1), cos), mul(pair.get(0), sin));
    var rotated = reshape(concat(4, first, second), turned.shape()); // [b, n, h, 2 * pairs]
    var joined =
        turning == all ? rotated : concat(3, rotated, slice(apart, 3, turning, Indexing.END));
    return reshape(joined, x.shape());
  }
}
