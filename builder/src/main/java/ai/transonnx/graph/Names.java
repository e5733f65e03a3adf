package ai.transonnx.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Allocates names that are unique within one graph and its branches. The first request for {@code
 * net.0/Add} returns it; the next returns {@code net.0/Add_2}.
 */
final class Names {
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> last = new HashMap<>();

  /** Reserves exactly this name. */
  void reserve(String name) {
    if (!taken.add(name)) {
      throw new GraphException("the name '" + name + "' is already used");
    }
  }

  /** Reserves this name, or this name with the first free number. */
  String allocate(String wanted) {
    String name = wanted;
    while (!taken.add(name)) {
      name = wanted + "_" + last.merge(wanted, 2, (used, two) -> used + 1);
    }
    return name;
  }
}
