package ai.transonnx.internal.guess;

import ai.transonnx.graph.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The shapes of tensors by name. */
record Tensors(Map<String, Shape> shapes) {
  boolean has(String name) {
    return shapes.containsKey(name);
  }

  /** Whether a name begins so. */
  boolean hasUnder(String prefix) {
    return shapes.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  /** The size of a dimension of a tensor, or 0 if it is not there. */
  long size(String name, int axis) {
    var shape = shapes.get(name);
    return shape == null || axis >= shape.rank() ? 0 : shape.dim(axis).size();
  }

  /** Those that are in the module that has a tensor of this name, under their names in it. */
  Optional<Tensors> around(String anchor) {
    return shapes.keySet().stream()
        .filter(name -> name.equals(anchor) || name.endsWith("." + anchor))
        .findFirst()
        .map(name -> under(name.substring(0, name.length() - anchor.length())));
  }

  /** Those whose names begin so, without it. */
  Tensors under(String prefix) {
    var inner = new LinkedHashMap<String, Shape>();
    shapes.forEach(
        (name, shape) -> {
          if (name.startsWith(prefix)) {
            inner.put(name.substring(prefix.length()), shape);
          }
        });
    return new Tensors(inner);
  }

  /** The numbers that stand where the group is, for names that begin like the pattern. */
  TreeSet<Integer> indices(String pattern) {
    var compiled = Pattern.compile(pattern);
    var indices = new TreeSet<Integer>();
    for (var name : shapes.keySet()) {
      var matcher = compiled.matcher(name);
      if (matcher.lookingAt() && matcher.group(1).length() < 6) {
        indices.add(Integer.parseInt(matcher.group(1)));
      }
    }
    return indices;
  }
}
