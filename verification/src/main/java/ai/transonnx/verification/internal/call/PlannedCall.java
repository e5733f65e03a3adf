package ai.transonnx.verification.internal.call;

import ai.transonnx.runtime.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One call of a model. Immutable, so threads may share it.
 *
 * @param name unique, such as {@code step 3}
 * @param inputs every input besides state, by name
 * @param state the state that the call continues
 * @param batch the number of rows
 * @param recorded outputs that were recorded for this call elsewhere
 */
public record PlannedCall(
    String name,
    Map<String, Tensor> inputs,
    StateOrigin state,
    int batch,
    Map<String, Tensor> recorded) {
  public PlannedCall {
    inputs = Map.copyOf(inputs);
    recorded = Map.copyOf(recorded);
  }

  /** Whether the call continues the state of an earlier one. */
  public boolean continues() {
    return !state.calls().isEmpty();
  }

  /** Such as {@code mask bool[2, 1], tokens int64[2, 1], after prefill}. */
  public String description() {
    var given =
        new TreeMap<>(inputs)
            .entrySet().stream()
                .map(input -> input.getKey() + " " + input.getValue())
                .collect(Collectors.joining(", "));
    if (state instanceof StateOrigin.Given) {
      return given + ", with state";
    }
    return continues() ? given + ", after " + String.join(" and ", state.calls()) : given;
  }
}
