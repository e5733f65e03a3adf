package ai.transonnx.export.internal.deepspeed;

import ai.transonnx.export.internal.pickle.Attributes;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.graph.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The shapes of weights by name, for each group of the optimizer's parameters. */
final class ShapeGroups {
  private ShapeGroups() {}

  /**
   * Reads a dictionary, or a list of dictionaries.
   *
   * @throws PickleException if it is not valid, or a name occurs twice
   */
  static List<Map<String, Shape>> of(PickleValue value) {
    var names = new HashSet<String>();
    if (value instanceof Mapping) {
      return List.of(group(value, names));
    }
    if (!(value instanceof Sequence list)) {
      throw new PickleException("its 'param_shapes' are " + value.description());
    }
    var groups = new ArrayList<Map<String, Shape>>();
    list.items().forEach(item -> groups.add(group(item, names)));
    return groups;
  }

  private static Map<String, Shape> group(PickleValue value, Set<String> names) {
    var shapes = new LinkedHashMap<String, Shape>();
    var group = Attributes.ofAll("a group of 'param_shapes'", value);
    for (var name : group.values().keySet()) {
      if (!names.add(name)) {
        throw new PickleException("'param_shapes' has a name twice");
      }
      shapes.put(name, Shape.of(group.sizes(name)));
    }
    return shapes;
  }
}
