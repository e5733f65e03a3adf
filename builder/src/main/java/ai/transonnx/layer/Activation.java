package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The activation function of a feedforward layer.
 *
 * <p>Immutable; threads may share it.
 */
public enum Activation implements ActivationModule {
  /** The Gaussian error linear unit. */
  GELU {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.gelu(x);
    }
  },
  /** GELU approximated with tanh, as in GPT-2. */
  GELU_TANH {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.geluTanh(x);
    }
  },
  /** The sigmoid linear unit. */
  SILU {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.silu(x);
    }
  },
  /** The rectified linear unit: {@code max(x, 0)}. */
  RELU {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.relu(x);
    }
  },
  /**
   * The square of the rectified linear unit: {@code max(x, 0) ^ 2}.
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

  @Override
  public Value of(Scope parent, String name, Value x) {
    return of(parent, x);
  }

  /** Applies the function to each element. */
  public abstract Value of(Scope scope, Value x);
}
