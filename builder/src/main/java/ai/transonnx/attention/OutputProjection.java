package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/**
 * The linear layer from the features of all heads to the output features.
 *
 * <p>Immutable; threads may share it.
 *
 * @param features number of features of all heads
 * @param dim number of output features
 * @param gated whether the layer computes twice the features, and the sigmoid of the second half
 *     gates the first, {@code on_attn}
 * @param biased whether the layer has a bias
 * @see <a href="https://arxiv.org/abs/1908.06954">Attention on Attention</a>
 */
public record OutputProjection(long features, long dim, boolean gated, boolean biased) {
  /**
   * Applies the layer.
   *
   * @param scope the attention's module
   * @param out {@code [rows, features]}
   * @return {@code [rows, dim]}
   */
  Value of(Scope scope, Value out) {
    var toOut = scope.child("to_out");
    if (!gated) {
      return new Linear(features, dim, biased).of(toOut, out);
    }
    var doubled = new Linear(features, 2 * dim, biased).of(toOut.child(0), out); // [rows, 2 * dim]
    var halves = toOut.split(doubled, 1, dim, dim);
    return toOut.mul(halves.get(0), toOut.sigmoid(halves.get(1)));
  }
}
