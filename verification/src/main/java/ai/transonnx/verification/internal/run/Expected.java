package ai.transonnx.verification.internal.run;

import ai.transonnx.runtime.Tensor;
import java.util.Map;
import java.util.Objects;

/**
 * The expected result of a call. Immutable, so threads may share it.
 *
 * @param outputs every output, by name
 * @param ownState how far each output may be off if a runtime continues its own state
 * @param givenState how far it may be off if it continues the reference's state
 */
public record Expected(
    Map<String, Tensor> outputs, Map<String, Bound> ownState, Map<String, Bound> givenState) {
  public Expected {
    outputs = Map.copyOf(outputs);
    ownState = Map.copyOf(ownState);
    givenState = Map.copyOf(givenState);
  }

  /**
   * The allowed difference of an output.
   *
   * @param rounding the largest difference that rounding alone causes
   * @param tolerance the allowed difference
   */
  public record Bound(double rounding, double tolerance) {}

  /** An output. */
  Tensor output(String name) {
    return Objects.requireNonNull(outputs.get(name));
  }
}
