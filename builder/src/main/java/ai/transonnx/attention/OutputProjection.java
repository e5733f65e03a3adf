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
 * @param biased whether the layer has a bias
 */
public record OutputProjection(long features, long dim, Kind kind, boolean biased) {
  /** The form of the layer. */
  public enum Kind {
    /** No layer: the features of the heads are the output. */
    NONE,
    /** A linear layer. */
    LINEAR,
    /**
     * A linear layer to twice the features, where the sigmoid of the second half gates the first,
     * {@code on_attn}.
     *
     * @see <a href="https://arxiv.org/abs/1908.06954">Attention on Attention</a>
     */
    GATED
  }

  /**
   * Applies the layer.
   *
   * @param scope the attention's module
   * @param out {@code [rows, features]}
   * @return {@code [rows, dim]}
   */
  Value of(Scope scope, Value out) {
    var toOut = scope.child("to_out");
    return switch (kind) {
      case NONE -> out;
      case LINEAR -> new Linear(features, dim, biased).of(toOut, out);
      case GATED -> {
        var doubled = new Linear(features, 2 * dim, biased).of(toOut.child(0), out);
        var halves = toOut.split(doubled, 1, dim, dim); // each [rows, dim]
        yield toOut.mul(halves.get(0), toOut.sigmoid(halves.get(1)));
      }
    };
  }
}
