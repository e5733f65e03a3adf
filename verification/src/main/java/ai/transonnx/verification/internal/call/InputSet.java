package ai.transonnx.verification.internal.call;

import ai.transonnx.runtime.Tensor;
import java.util.Map;

/**
 * The inputs of a whole sequence or of one call, from which calls are planned. Immutable, so
 * threads may share it.
 *
 * @param name for the names of the calls; empty if it is the only one of its kind
 * @param inputs every input besides state, by name
 * @param state the state before the first call; a state that is missing is zeros
 * @param isGiven whether the user gave these inputs, so that they are also run as they are
 * @param recorded outputs that were recorded for these inputs elsewhere
 */
public record InputSet(
    String name,
    Map<String, Tensor> inputs,
    Map<String, Tensor> state,
    boolean isGiven,
    Map<String, Tensor> recorded) {
  public InputSet {
    inputs = Map.copyOf(inputs);
    state = Map.copyOf(state);
    recorded = Map.copyOf(recorded);
  }

  /** Inputs that were made for a sequence without state. */
  static InputSet made(Map<String, Tensor> inputs) {
    return new InputSet("", inputs, Map.of(), false, Map.of());
  }

  /** This set with recorded outputs. */
  public InputSet recorded(Map<String, Tensor> outputs) {
    return new InputSet(name, inputs, state, isGiven, outputs);
  }

  /** The state of the first call. */
  StateOrigin origin() {
    return state.isEmpty() ? new StateOrigin.Initial() : new StateOrigin.Given(state);
  }
}
