package ai.transonnx.attention;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.function.Function;

/**
 * The keys and values of a context, for every layer that attends to it. The call that is given the
 * context computes them. A call whose context has 0 positions uses the cached ones.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class ContextCache {
  /** The number of cached keys, from an earlier call. */
  public static final Dim KEPT = Dim.of("kept_context");

  private static final Dim SEEN = Dim.of("seen_context");

  private final PastState history;
  private final KeyValueCache.Layout layout;
  private final ElementType elements;
  private final Value given;

  /**
   * The cache of a call.
   *
   * @param context {@code [b, m, dim]}; m is 0 if an earlier call was given it
   */
  public ContextCache(Scope scope, PastState history, KeyValueCache.Layout layout, Value context) {
    this.history = history;
    this.layout = layout;
    this.elements = scope.cacheType();
    this.given = scope.greaterOrEqual(scope.size(context, 1), scope.vector(1));
  }

  /** The cache of one attention layer. */
  public Attention.Cache layer(int layer) {
    return new Attention.Cache(
        true, layout.ofLatents(), (scope, computed) -> once(scope, layer, computed), null, null);
  }

  private KeyValues once(Scope scope, int layer, Function<Scope, KeyValues> computed) {
    var keyName = "context_" + layout.keyName(layer);
    var valueName = "context_" + layout.valueName(layer);
    var keys = past(keyName, layout.keys());
    if (layout.values() == null) {
      var chosen =
          scope.ifElse(
              given,
              List.of(seen(keys)),
              inner -> List.of(computed.apply(inner).keys()),
              inner -> List.of(inner.copy(keys)));
      var all = scope.operand(history.present(keyName, chosen.get(0)));
      return new KeyValues(all, all);
    }
    var values = past(valueName, layout.values());
    var chosen =
        scope.ifElse(
            given,
            List.of(seen(keys), seen(values)),
            inner -> {
              var fresh = computed.apply(inner);
              return List.of(fresh.keys(), fresh.values());
            },
            inner -> List.of(inner.copy(keys), inner.copy(values)));
    return new KeyValues(
        scope.operand(history.present(keyName, chosen.get(0))),
        scope.operand(history.present(valueName, chosen.get(1))));
  }

  private Value past(String name, KeyValueCache.Vectors vectors) {
    var row = Shape.of(Dim.of(vectors.heads()), KEPT, Dim.of(vectors.features()));
    return history.past(name, StateRole.CONTEXT, elements, row);
  }

  private static TensorType seen(Value past) {
    int axis = past.shape().dims().indexOf(KEPT);
    return new TensorType(past.elements(), past.shape().with(axis, SEEN));
  }

  /**
   * The padding mask of the context.
   *
   * @param computed computes the mask of the call's context
   * @return bool {@code [b, keys]}, false for padding
   */
  public Value kept(Scope scope, Function<Scope, Value> computed) {
    var past = history.past("context_kept", StateRole.CONTEXT, ElementType.BOOL, Shape.of(KEPT));
    var chosen =
        scope.ifElse(
            given,
            List.of(seen(past)),
            inner -> List.of(inner.copy(computed.apply(inner))),
            inner -> List.of(inner.copy(past)));
    return history.present("context_kept", chosen.get(0));
  }
}
