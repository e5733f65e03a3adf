package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import java.util.function.Supplier;

/**
 * The way in which a layer's values are mixed with those of the first layer.
 *
 * <p>Implementations are immutable; threads may share them.
 *
 * @see <a href="https://arxiv.org/abs/2410.17897">Value Residual Learning</a>
 */
public sealed interface ValueMix {
  /** The values that are mixed. */
  enum Stage {
    /** Those that are projected from the layer's input. */
    PROJECTED,
    /** Those that are attended to: rotated, and with learned memory values before them. */
    ATTENDED
  }

  /** The values that are mixed. */
  Stage stage();

  /**
   * The mixed values of a layer.
   *
   * @param scope the module of its attention
   * @param own its own values: {@code [b, h, j, d]}
   * @param first computes the values of the first layer: {@code [b, h, j, d]}
   * @param x its input: {@code [b, i, dim]}
   */
  Value of(Scope scope, Value own, Supplier<Value> first, Value x);

  /** Values multiplied by a factor. */
  static Value times(Scope scope, Value values, double factor) {
    return factor == 1 ? values : scope.mul(values, scope.scalar(factor));
  }

  /** The sum of both values with constant weights. */
  record Constant(double own, double first, Stage stage) implements ValueMix {
    @Override
    public Value of(Scope scope, Value values, Supplier<Value> earlier, Value x) {
      return scope.add(times(scope, values, own), times(scope, earlier.get(), first));
    }
  }

  /**
   * An average of both values whose weights are computed from the layer's input.
   *
   * @param dim number of input features
   * @param heads number of heads with a weight each; 1 if all heads share one
   */
  record Learned(long dim, int heads) implements ValueMix {
    @Override
    public Stage stage() {
      return Stage.PROJECTED;
    }

    @Override
    public Value of(Scope scope, Value own, Supplier<Value> first, Value x) {
      var earlier = first.get();
      return scope.add(earlier, scope.mul(weight(scope, x), scope.sub(own, earlier)));
    }

    /** The weight of the layer's own values: {@code [b, h, n, 1]}. */
    private Value weight(Scope scope, Value x) {
      var module = scope.child("to_value_residual_mix").child(0);
      var weights = module.sigmoid(new Linear(dim, heads).of(module, x)); // [b, n, h]
      return module.unsqueeze(module.transpose(weights, 0, 2, 1), 3);
    }
  }

  /**
   * The values stay as they are; the difference of the first layer's values and the layer's own is
   * added to the outputs of the heads.
   *
   * @param factor a factor of the difference
   * @see <a href="https://arxiv.org/abs/2312.00751">NeuTRENO</a>
   */
  record OutputDifference(double factor, Stage stage) implements ValueMix {
    @Override
    public Value of(Scope scope, Value own, Supplier<Value> first, Value x) {
      return own;
    }
  }
}
