package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The first part of a feedforward layer: a linear layer to the hidden features and an activation
 * function.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface HiddenLayer {
  /** The number of hidden features. */
  long hidden();

  /**
   * Computes the hidden features.
   *
   * @param scope the module of the layer
   * @param rows {@code [rows, dim]}
   * @return {@code [rows, hidden]}
   */
  Value of(Scope scope, Value rows);

  /**
   * A linear layer whose result is activated.
   *
   * @param dim number of input features
   * @param biased whether the linear layer has a bias
   */
  record Plain(long dim, long hidden, Activation activation, boolean biased)
      implements HiddenLayer {
    @Override
    public Value of(Scope scope, Value rows) {
      return activation.of(scope, new Linear(dim, hidden, biased).of(scope.child(0), rows));
    }
  }

  /**
   * A linear layer, half of whose result is activated and gates the other half, {@code glu}. It
   * always has a bias.
   *
   * @param dim number of input features
   * @see <a href="https://arxiv.org/abs/2002.05202">GLU Variants Improve Transformer</a>
   */
  record Gated(long dim, long hidden, Activation activation) implements HiddenLayer {
    @Override
    public Value of(Scope scope, Value rows) {
      var projected = new Linear(dim, 2 * hidden).of(scope.child("proj"), rows); // [rows, 2 * h]
      var halves = scope.split(projected, 1, hidden, hidden);
      return scope.mul(halves.get(0), activation.of(scope, halves.get(1)));
    }
  }
}
