package ai.transonnx.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Hands out names that are unique within one graph and its branches. The first to ask for {@code
 * net.0/Add} gets it; the next gets {@code net.0/Add_2}.
 */
final class Names {
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> last = new HashMap<>();

  /** Takes exactly this name. */
  void reserve(String name) {
    if (!taken.add(name)) {
      throw new GraphException("the name '" + name + "' is used twice");
    }
  }

  /** Takes this name, or this name with the first number that is free. */
  String allocate(String wanted) {
    String name = wanted;
    while (!taken.add(name)) {
      name = wanted + "_" + last.merge(wanted, 2, (used, two) -> used + 1);
    }
    return name;
  }
}
