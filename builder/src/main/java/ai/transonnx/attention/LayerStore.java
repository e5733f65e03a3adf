package ai.transonnx.attention;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/** Values of a layer in the slots of its keys. */
record LayerStore(KeyValueCache cache, PastState state, CacheLayout layout, int layer)
    implements PositionStore {
  @Override
  public Positions positions() {
    return cache.positions();
  }

  @Override
  public Value sums(Scope scope, String name, Value x) {
    var key = name + "_" + layer;
    var past = state.past(key, scope.wideType(), Shape.of(x.dim(-1))); // [b, d]
    var sums = scope.add(scope.unsqueeze(past, 1), scope.cumSum(x, 1)); // [b, n, d]
    state.present(key, scope.squeeze(scope.slice(sums, 1, -1, Scope.END), 1));
    return sums;
  }

  @Override
  public Value slots(Scope scope, String name, Value own) {
    var key = name + "_" + layer;
    var row = Shape.of(KeyValueCache.CAPACITY, own.dim(-1));
    var past = state.past(key, layout.role(), scope.wideType(), row); // [b, capacity, d]
    return state.present(key, cache.vectors(scope, past, own));
  }

  @Override
  public Value sumsOfEarlierQueries(Scope scope, String name, Value own) {
    var key = name + "_" + layer;
    var row = Shape.of(KeyValueCache.CAPACITY);
    var past = state.past(key, StateRole.MEMORY, scope.wideType(), row); // [b, capacity]
    var before = cache.cleared(scope, past); // [b, slots]
    state.present(key, scope.add(before, scope.sum(own, 1)));
    return scope.add(scope.unsqueeze(before, 1), scope.sumOfPreceding(own, 1));
  }
}
