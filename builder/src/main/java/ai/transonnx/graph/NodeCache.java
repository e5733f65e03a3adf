package ai.transonnx.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The values of a graph by key, so that equal nodes are created once. A branch also finds the
 * values of the enclosing graph; the enclosing graph does not find those of the branch.
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
   * @param first creates them if neither this graph nor an enclosing one has them
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

  /** Adds values that already exist. */
  void know(Object key, List<Value> values) {
    known.put(key, values);
  }
}
