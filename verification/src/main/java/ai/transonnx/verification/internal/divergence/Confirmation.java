package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.Cutter;
import ai.transonnx.verification.internal.graph.ValueType;
import ai.transonnx.verification.internal.twin.NoTwinException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the smallest part of the graph before a value that computes it wrongly in a runtime, from
 * the expected values before it. For one thread.
 */
final class Confirmation {
  private static final int MAX_DEPTH = 1 << 16;

  private final Scratch scratch;
  private final Reference reference;
  private final double factor;
  private final ModelProto model;
  private final Cutter cutter;
  private final Neighbourhood.Finder finder;
  private final Map<String, Tensor> inputs;
  private final ModelRunner runner;
  private final ValueErrors errors;
  private final Map<String, Tensor> known = new HashMap<>();

  /**
   * Prepares the search in one runtime.
   *
   * @param model the file's model, with the types of values
   * @param inputs of the call, in the types of the model
   * @param errors the values that were compared, whose types are those of the model
   */
  Confirmation(
      Scratch scratch,
      Reference reference,
      double factor,
      ModelProto model,
      Map<String, Tensor> inputs,
      ModelRunner runner,
      ValueErrors errors) {
    this.scratch = scratch;
    this.reference = reference;
    this.factor = factor;
    this.model = model;
    this.cutter = new Cutter(model);
    this.finder = new Neighbourhood.Finder(model, cutter.index());
    this.inputs = inputs;
    this.runner = runner;
    this.errors = errors;
  }

  /** The smallest part that computes the value wrongly; empty if none does. */
  Optional<Fault> of(String value) {
    int right = 0;
    for (int depth = 1; depth <= MAX_DEPTH; depth *= 2) {
      var part = finder.of(value, depth);
      var fault = check(part, value);
      if (fault.isPresent()) {
        return Optional.of(smallest(value, right, depth, fault.get()));
      }
      if (part.isWhole()) {
        return Optional.empty();
      }
      right = depth;
    }
    return Optional.empty();
  }

  /** Narrows the depth, then the value: inner values of the part may be wrong as well. */
  private Fault smallest(String value, int right, int wrong, Fault found) {
    int low = right;
    int high = wrong;
    var smallest = found;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      var fault = check(finder.of(value, middle), value);
      if (fault.isPresent()) {
        smallest = fault.get();
        high = middle;
      } else {
        low = middle;
      }
    }
    if (high > 1) {
      var part = finder.of(value, high);
      for (var inner : finder.results(part)) {
        var fault = inner.equals(value) ? Optional.<Fault>empty() : check(part, inner);
        if (fault.isPresent()) {
          return fault.get();
        }
      }
    }
    return smallest;
  }

  /** The fault of a part if it computes the value wrongly. */
  private Optional<Fault> check(Neighbourhood part, String value) {
    var given = given(part.given());
    var types = new HashMap<String, ValueType>();
    given.forEach((name, tensor) -> types.put(name, ValueType.of(tensor)));
    if (!types.keySet().containsAll(part.given())) {
      return Optional.empty(); // The reference does not have a value under its name.
    }
    var cut = cutter.cut(types, List.of(value));
    given.keySet().retainAll(cutter.inputs(types.keySet(), List.of(value)));
    try {
      var bound = reference.value(cut, given, value);
      var actual = scratch.run(runner, cut, given, List.of(value));
      var result = bound.compare(value, Objects.requireNonNull(actual.get(value)), factor);
      int nodes = cut.getGraph().getNodeCount();
      return result.isWrong()
          ? Optional.of(new Fault(cut, nodes, given, bound.expected(), result))
          : Optional.empty();
    } catch (RunnerException | NoTwinException e) {
      return Optional.empty(); // A part that cannot be run shows nothing.
    }
  }

  /** The expected values, rounded to the types of the model. */
  private Map<String, Tensor> given(Set<String> names) {
    var given = new HashMap<String, Tensor>();
    var missing = new HashSet<>(names);
    for (var name : names) {
      var tensor = inputs.containsKey(name) ? inputs.get(name) : known.get(name);
      if (tensor != null) {
        given.put(name, tensor);
        missing.remove(name);
      }
    }
    var computed = new HashMap<String, Tensor>();
    reference
        .exact(model, inputs, missing)
        .forEach((name, tensor) -> computed.put(name, typed(name, tensor)));
    known.putAll(computed);
    given.putAll(computed);
    return given;
  }

  private Tensor typed(String name, Tensor exact) {
    if (!exact.type().isFloatingPoint()) {
      return exact;
    }
    return exact.as(errors.of(name).map(ValueResult::type).orElse(ElementType.FLOAT32));
  }
}
