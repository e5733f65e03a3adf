package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * x-transformers' {@code FeedForward}: a linear layer to the hidden features, an activation
 * function, and a linear layer to the output features.
 *
 * <p>Immutable; threads may share it.
 *
 * @param names the names of its modules
 * @param first the linear layer to the hidden features and the activation function
 * @param norm the norm of the activated features, {@code post_act_ln}, or null
 * @param out number of output features
 * @param biased whether the last layer has a bias; false with {@code no_bias}
 * @see <a href="https://arxiv.org/abs/2110.09456">NormFormer</a>
 */
public record FeedForward(
    Names names, HiddenLayer first, @Nullable Norm norm, long out, boolean biased) {
  /**
   * The names of the modules.
   *
   * @param module the submodule with all of them: {@code ff}, or {@code net}
   * @param last the index of the last linear layer in it
   */
  public record Names(String module, int last) {}

  /**
   * Applies the layer.
   *
   * @param scope the module that has the submodule
   * @param x {@code [b, n, dim]}
   * @return {@code [b, n, out]}
   */
  public Value of(Scope scope, Value x) {
    var ff = scope.child(names.module);
    var rows = Rows.of(ff, x); // [b * n, dim]
    var activated = first.of(ff.child(0), rows); // [b * n, hidden]
    var scaled = norm == null ? activated : norm.of(ff.child(1), activated);
    var narrow =
        new Linear(first.hidden(), out, biased).of(ff.child(names.last), scaled); // [b * n, out]
    return Rows.sequences(ff, narrow, x);
  }
}
