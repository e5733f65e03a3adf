package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

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
   * @param clamp limits what is activated; null if nothing does
   */
  record Plain(
      long dim, long hidden, ActivationModule activation, boolean biased, @Nullable SoftClamp clamp)
      implements HiddenLayer {
    /** A layer that activates the result itself. */
    public Plain(long dim, long hidden, ActivationModule activation, boolean biased) {
      this(dim, hidden, activation, biased, null);
    }

    @Override
    public Value of(Scope scope, Value rows) {
      var projected = new Linear(dim, hidden, biased).of(scope.child(0), rows);
      return clamp == null
          ? activation.of(scope, "1", projected)
          : activation.of(scope, "2", clamp.of(scope, projected));
    }
  }

  /**
   * A linear layer, half of whose result is activated and gates the other half, {@code glu}. It
   * always has a bias.
   *
   * @param dim number of input features
   * @param weighted whether the result is multiplied by learned factors, {@code glu_mult_bias}
   * @param clamp limits the half that is gated, or null
   * @param gateClamp limits the half that is activated, or null
   * @see <a href="https://arxiv.org/abs/2002.05202">GLU Variants Improve Transformer</a>
   */
  record Gated(
      long dim,
      long hidden,
      ActivationModule activation,
      boolean weighted,
      @Nullable SoftClamp clamp,
      @Nullable SoftClamp gateClamp)
      implements HiddenLayer {
    @Override
    public Value of(Scope scope, Value rows) {
      var projected = new Linear(dim, 2 * hidden).of(scope.child("proj"), rows); // [rows, 2 * h]
      var halves = scope.split(projected, 1, hidden, hidden);
      var value = clamp == null ? halves.get(0) : clamp.of(scope, halves.get(0));
      var gate = gateClamp == null ? halves.get(1) : gateClamp.of(scope, halves.get(1));
      var gated = scope.mul(value, activation.of(scope, "act", gate));
      return weighted ? scope.mul(gated, scope.parameter("mult_bias", hidden)) : gated;
    }
  }
}
