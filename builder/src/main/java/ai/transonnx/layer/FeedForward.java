package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * x-transformers' {@code FeedForward}: a linear layer to the hidden features, an activation
 * function, and a linear layer to the output features.
 *
 * <p>Immutable; threads may share it.
 *
 * @param module the library's name of the submodule: {@code ff}, or {@code net}
 * @param dim number of input features
 * @param hidden number of hidden features
 * @param out number of output features
 * @param activation the activation function
 * @param gated whether the activated features gate other hidden features, {@code glu}; the
 *     projection of both has a bias even if {@code biased} is false
 * @param normed whether the activated features are normalized, {@code post_act_ln}
 * @param biased whether the projections have a bias; false with {@code no_bias}
 * @see <a href="https://arxiv.org/abs/2002.05202">GLU Variants Improve Transformer</a>
 * @see <a href="https://arxiv.org/abs/2110.09456">NormFormer</a>
 */
public record FeedForward(
    String module,
    long dim,
    long hidden,
    long out,
    Activation activation,
    boolean gated,
    boolean normed,
    boolean biased) {
  /**
   * Applies the layer.
   *
   * @param scope the module that has the submodule
   * @param x {@code [b, n, dim]}
   * @return {@code [b, n, out]}
   */
  public Value of(Scope scope, Value x) {
    var ff = scope.child(module);
    var rows = Rows.of(ff, x); // [b * n, dim]
    var activated = gated ? gated(ff.child(0), rows) : plain(ff.child(0), rows); // [b * n, hidden]
    var scaled = normed ? new LayerNorm(hidden).of(ff.child(1), activated) : activated;
    var narrow = new Linear(hidden, out, biased).of(ff.child(3), scaled); // [b * n, out]
    return Rows.sequences(ff, narrow, x);
  }

  private Value plain(Scope scope, Value x) {
    return activation.of(scope, new Linear(dim, hidden, biased).of(scope.child(0), x));
  }

  private Value gated(Scope scope, Value x) {
    var projected = new Linear(dim, 2 * hidden).of(scope.child("proj"), x); // [b * n, 2 * hidden]
    var halves = scope.split(projected, 1, hidden, hidden);
    return scope.mul(halves.get(0), activation.of(scope, halves.get(1)));
  }
}
