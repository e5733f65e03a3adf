package ai.transonnx.internal.guess;

import ai.transonnx.graph.Shape;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The shapes of tensors by name. */
record Tensors(Map<String, Shape> shapes) {
  boolean has(String name) {
    return shapes.containsKey(name);
  }

  /** Whether a name starts with the prefix. */
  boolean hasUnder(String prefix) {
    return shapes.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  /** Whether the pattern matches a part of a name. */
  boolean hasLike(String pattern) {
    return like(pattern).isPresent();
  }

  /** The first name of which the pattern matches a part. */
  Optional<String> like(String pattern) {
    return shapes.keySet().stream().filter(Pattern.compile(pattern).asPredicate()).findFirst();
  }

  /** The size of a dimension of a tensor, or 0 if it does not exist. */
  long size(String name, int axis) {
    var shape = shapes.get(name);
    return shape == null || axis >= shape.rank() ? 0 : shape.dim(axis).size();
  }

  /** The number of dimensions of a tensor, or -1 if it does not exist. */
  int rank(String name) {
    var shape = shapes.get(name);
    return shape == null ? -1 : shape.rank();
  }

  /** The size of the last dimension of a tensor, or 0 if it does not exist. */
  long lastSize(String name) {
    return size(name, Math.max(0, rank(name) - 1));
  }

  /** The size of a dimension of the first tensor like the pattern, or 0 if none exists. */
  long sizeLike(String pattern, int axis) {
    return like(pattern).map(name -> size(name, axis)).orElse(0L);
  }

  /** The tensors of the module with a tensor of this name, by their names in the module. */
  Optional<Tensors> around(String anchor) {
    return shapes.keySet().stream()
        .filter(name -> name.equals(anchor) || name.endsWith("." + anchor))
        .findFirst()
        .map(name -> under(name.substring(0, name.length() - anchor.length())));
  }

  /** The tensors whose names start with the prefix, by their names without it. */
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

  /**
   * The tensors of these layers' modules, by their names in the module: those of the first layer
   * that has one of this name.
   */
  Tensors modules(Collection<Integer> layers) {
    var wanted = new HashSet<>(layers);
    var inner = new LinkedHashMap<String, Shape>();
    var module = Pattern.compile("layers\\.(\\d+)\\.1\\.(?:fn\\.)*(.*)");
    shapes.forEach(
        (name, shape) -> {
          var matcher = module.matcher(name);
          if (matcher.matches()
              && matcher.group(1).length() < 6
              && wanted.contains(Integer.valueOf(matcher.group(1)))) {
            inner.putIfAbsent(matcher.group(2), shape);
          }
        });
    return new Tensors(inner);
  }

  /** The sizes of the first dimension of tensors, by what the pattern's group matches. */
  Map<String, Long> sizes(String pattern) {
    var compiled = Pattern.compile(pattern);
    var sizes = new TreeMap<String, Long>();
    for (var name : shapes.keySet()) {
      var matcher = compiled.matcher(name);
      if (matcher.matches()) {
        sizes.put(matcher.group(1), size(name, 0));
      }
    }
    return sizes;
  }

  /** The numbers that the pattern's group matches at the start of names. */
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
