package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The nonlinearity of a feedforward.
 *
 * <p>Immutable; threads may share it.
 */
public enum Activation {
  GELU {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.gelu(x);
    }
  },
  /** GELU approximated with tanh, as GPT-2 has it. */
  GELU_TANH {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.geluTanh(x);
    }
  },
  SILU {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.silu(x);
    }
  },
  /**
   * Squares of what is positive.
   *
   * @see <a href="https://arxiv.org/abs/2109.08668">Primer</a>
   */
  RELU_SQUARED {
    @Override
    public Value of(Scope scope, Value x) {
      var positive = scope.relu(x);
      return scope.mul(positive, positive);
    }
  };

  /** Applies it to each element. */
  public abstract Value of(Scope scope, Value x);
}
