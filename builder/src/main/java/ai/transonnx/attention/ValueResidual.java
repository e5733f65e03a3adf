package ai.transonnx.attention;

import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The values of the first layer, which are mixed with those of another one.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param mix the way in which they are mixed
 * @param first the first layer
 */
public record ValueResidual(ValueMix mix, Source first) {
  /**
   * The layer whose values are mixed with those of others.
   *
   * @param scope the module of its attention
   * @param call its call
   */
  public record Source(Attention attention, Scope scope, Attention.Call call) {
    /** Its values in the graph of another scope, which computes them again if it is a branch. */
    private Value values(Scope user, ValueMix.Stage stage) {
      var module = scope.inGraphOf(user);
      return stage == ValueMix.Stage.PROJECTED
          ? attention.projectedValues(module, call)
          : attention.ownKeyValues(module, call).values();
    }
  }

  /**
   * The mixed values of a layer at a stage; other values if they are not mixed there.
   *
   * @param values {@code [b, h, j, d]}
   * @param x the layer's input: {@code [b, i, dim]}
   */
  Value mixed(Scope scope, ValueMix.Stage stage, Value values, Value x) {
    if (mix.stage() != stage) {
      return values;
    }
    return mix.of(scope, values, () -> first.values(scope, stage), x);
  }

  /** The keys and mixed values that are attended to. */
  KeyValues mixed(Scope scope, KeyValues all, Value x) {
    return mix.stage() == ValueMix.Stage.ATTENDED
        ? new KeyValues(all.keys(), mixed(scope, ValueMix.Stage.ATTENDED, all.values(), x))
        : all;
  }

  /**
   * The value that is added to the outputs of the heads of values {@code [b, h, n, d]}; or null.
   */
  @Nullable Value added(Scope scope, Attention attention, Attention.Call call) {
    if (!(mix instanceof ValueMix.OutputDifference difference)) {
      return null;
    }
    var own = new Source(attention, scope, call).values(scope, difference.stage());
    var change = scope.sub(first.values(scope, difference.stage()), own);
    return ValueMix.times(scope, change, difference.factor());
  }
}
