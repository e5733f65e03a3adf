package ai.transonnx.attention;

import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * The buffers of an attention layer, for a causal operator that writes to them and reads from them.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param cache the cache of all layers
 * @param layer the index of the layer
 */
public record CausalBuffers(KeyValueCache cache, int layer) {
  /** The calls that the operator can compute. */
  CausalCalls calls() {
    return cache.causalCalls();
  }

  /** The keys and values before the call: {@code [b, h, capacity, d]}. */
  List<Value> past() {
    return cache.buffers(layer);
  }

  /** The same with as many slots as the call needs: {@code [b, h, slots, d]}. */
  List<Value> grown(Scope scope) {
    return past().stream().map(buffer -> cache.growing().grown(scope, buffer)).toList();
  }

  /**
   * The keys and values of all slots after the call.
   *
   * @param own those of the call's positions: {@code [b, h, n, d]}
   * @return {@code [b, h, slots, d]}
   */
  List<Value> written(Scope scope, KeyValues own) {
    return cache.written(scope, layer, own);
  }

  /** Sets the keys and values that the next call is given: {@code [b, h, slots, d]}. */
  void present(List<Value> buffers) {
    cache.present(layer, buffers);
  }
}
