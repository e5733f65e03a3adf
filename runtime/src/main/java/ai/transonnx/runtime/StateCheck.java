package ai.transonnx.runtime;

import ai.transonnx.format.Dim;
import ai.transonnx.format.StateTensor;
import ai.transonnx.format.internal.Printable;
import java.util.List;
import java.util.Optional;

/**
 * Compares a state tensor of the metadata with the graph.
 *
 * @param at the index in the metadata's list, such as {@code [2]}
 */
record StateCheck(Signature graph, String at) {
  /** The reason why the graph does not have this state; empty if it does. */
  Optional<String> problem(StateTensor state) {
    var input = graph.inputs().get(state.input());
    var output = graph.outputs().get(state.output());
    if (input == null || output == null) {
      return Optional.of(
          input == null ? missing("input", state.input()) : missing("output", state.output()));
    }
    for (var spec : List.of(input, output)) {
      if (spec.type() != state.type()) {
        return Optional.of(
            "%s.type is %s, but the graph has %s"
                .formatted(at, state.type(), Printable.of(spec.toString())));
      }
    }
    return problem("shape", state.shape(), input)
        .or(() -> problem("shape", state.shape(), output))
        .or(() -> problem("first", state.first(), input));
  }

  private String missing(String field, String name) {
    return "%s.%s: the graph has no %s %s".formatted(at, field, field, Printable.quoted(name));
  }

  private Optional<String> problem(String field, List<Dim> dims, TensorSpec spec) {
    boolean agree = dims.size() == spec.rank();
    for (int axis = 0; agree && axis < dims.size(); axis++) {
      var dim = dims.get(axis);
      var fixed = spec.fixedSize(axis);
      agree = !dim.isFixed() || fixed.isEmpty() || fixed.getAsLong() == dim.size();
    }
    return agree
        ? Optional.empty()
        : Optional.of(
            "%s.%s is %s, but the graph has %s"
                .formatted(
                    at, field, Printable.of(dims.toString()), Printable.of(spec.toString())));
  }
}
