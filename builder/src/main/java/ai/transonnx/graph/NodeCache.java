package ai.transonnx.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values of a body by what they are: what is asked for again is what was made first. A branch knows
 * those of the body around it, which knows none of the branch's.
 */
final class NodeCache {
  private final @Nullable NodeCache around;
  private final Map<Object, List<Value>> known = new HashMap<>();

  NodeCache(@Nullable NodeCache around) {
    this.around = around;
  }

  /**
   * The values of a key.
   *
   * @param first makes them, where neither this body nor one around it has them yet
   */
  List<Value> of(Object key, Supplier<List<Value>> first) {
    for (var made = this; made != null; made = made.around) {
      var values = made.known.get(key);
      if (values != null) {
        return values;
      }
    }
    var values = first.get();
    known.put(key, values);
    return values;
  }

  /** Values that are there already. */
  void know(Object key, List<Value> values) {
    known.put(key, values);
  }
}
