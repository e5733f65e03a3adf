package ai.transonnx.export.internal.binding;

import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.WeightExpression.Stored;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tensors that the parameters of a model use, by all names that a checkpoint may give them. */
final class WantedTensors {
  private final Map<String, Stored> byName = new HashMap<>();
  private final Set<String> copies = new HashSet<>();
  private final Set<String> segments = new HashSet<>();
  private final int required;
  private int longest;

  private WantedTensors(Collection<Stored> stored, Map<String, List<String>> shared) {
    for (var tensor : stored) {
      add(tensor.name(), tensor);
    }
    for (var tensor : stored) {
      tensor.otherNames().forEach(name -> add(name, tensor));
    }
    for (var tensor : stored) {
      for (var name : shared.getOrDefault(tensor.name(), List.of())) {
        add(name, tensor);
        copies.add(name);
      }
    }
    required = (int) stored.stream().filter(tensor -> tensor.absent().isEmpty()).count();
  }

  private void add(String name, Stored tensor) {
    byName.putIfAbsent(name, tensor);
    Collections.addAll(segments, name.split("\\.", -1));
    longest = Math.max(longest, name.length());
  }

  /**
   * The tensors of parameters.
   *
   * @param shared the other names of shared tensors, by the name in the model
   */
  static WantedTensors of(Collection<Parameter> parameters, Map<String, List<String>> shared) {
    var stored = new LinkedHashMap<String, Stored>();
    for (var parameter : parameters) {
      parameter.source().stored().forEach(tensor -> stored.putIfAbsent(tensor.name(), tensor));
    }
    return new WantedTensors(stored.values(), shared);
  }

  /** The number of tensors that a checkpoint must have. */
  int required() {
    return required;
  }

  /** The tensor that a checkpoint may have under a name. */
  Optional<Stored> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Whether a tensor of a name may be a copy of a shared one. */
  boolean isCopy(String name) {
    return copies.contains(name);
  }

  /** Whether a segment occurs in a name. */
  boolean hasSegment(String segment) {
    return segments.contains(segment);
  }

  /** The length of the longest name. */
  int longest() {
    return longest;
  }
}
