package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.ShiftedFeatures;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * A module around the attention or feedforward module of a layer, which is its submodule {@code
 * fn}. Implementations are immutable.
 */
public interface BranchWrapper {
  /**
   * The layer that is wrapped.
   *
   * @param index the index of the layer in the order of execution
   * @param inputs the inputs of the stack
   */
  record Context(LayerKind kind, int index, LayerInputs inputs) {}

  /**
   * Computes the layer's output.
   *
   * @param module the wrapper's module
   * @param views the layer's normalized input {@code [b, n, d]}, or those of queries, keys and
   *     values
   * @param inner computes the wrapped module from its scope and its inputs
   * @return {@code [b, n, d]}
   */
  Value of(
      Scope module,
      List<Value> views,
      Context context,
      BiFunction<Scope, List<Value>, Value> inner);

  /** Multiplies the output by a learned number: ReZero. */
  record Rezero() implements BranchWrapper {
    @Override
    public Value of(
        Scope module,
        List<Value> views,
        Context context,
        BiFunction<Scope, List<Value>, Value> inner) {
      return module.mul(inner.apply(module.child("fn"), views), module.parameter("g", 1));
    }
  }

  /**
   * Multiplies the output by learned factors: {@code use_layerscale}.
   *
   * @param offset added to the factors
   * @see <a href="https://arxiv.org/abs/2103.17239">Going deeper with Image Transformers</a>
   */
  record LayerScale(long dim, double offset) implements BranchWrapper {
    @Override
    public Value of(
        Scope module,
        List<Value> views,
        Context context,
        BiFunction<Scope, List<Value>, Value> inner) {
      var factors = module.parameter(module.stored("gamma", dim).plus(offset));
      return module.mul(inner.apply(module.child("fn"), views), factors);
    }
  }

  /** Multiplies the output by a sigmoid of a function of the condition. */
  record ConditionedScale(ConditionedFactor factor) implements BranchWrapper {
    @Override
    public Value of(
        Scope module,
        List<Value> views,
        Context context,
        BiFunction<Scope, List<Value>, Value> inner) {
      var condition = Objects.requireNonNull(context.inputs().conditions().ofNorms());
      var factors = module.sigmoid(factor.of(module, condition));
      return module.mul(inner.apply(module.child("fn"), views), factors);
    }
  }

  /** Multiplies the output by 0.5, as in macaron feedforward layers. */
  record HalfWeight() implements BranchWrapper {
    @Override
    public Value of(
        Scope module,
        List<Value> views,
        Context context,
        BiFunction<Scope, List<Value>, Value> inner) {
      return module.mul(inner.apply(module.child("fn"), views), module.scalar(0.5f));
    }
  }

  /** Takes features of the input from other positions: {@code shift_tokens}. */
  record TokenShift(ShiftedFeatures features) implements BranchWrapper {
    @Override
    public Value of(
        Scope module,
        List<Value> views,
        Context context,
        BiFunction<Scope, List<Value>, Value> inner) {
      var inputs = context.inputs();
      var kept = context.kind() == LayerKind.FEED_FORWARD ? null : inputs.mask();
      var step = inputs.step();
      var shifted = new ArrayList<Value>();
      for (var view : views) {
        var name = "shift_" + context.index() + (shifted.isEmpty() ? "" : "_" + shifted.size());
        shifted.add(
            step == null
                ? features.of(module, view, kept)
                : features.continued(module, view, kept, step.withinSegment(module), name));
      }
      return inner.apply(module.child("fn"), shifted);
    }
  }
}
