package ai.transonnx.verification.internal.call;

import ai.transonnx.runtime.Tensor;
import java.util.List;
import java.util.Map;

/** Where the state of a call comes from. Immutable, so threads may share it. */
public sealed interface StateOrigin {
  /** The start of a sequence: zeros, or no state at all. */
  record Initial() implements StateOrigin {}

  /**
   * State from outside, such as a file.
   *
   * @param state by the names of the inputs; one that is missing is zeros
   */
  record Given(Map<String, Tensor> state) implements StateOrigin {
    public Given {
      state = Map.copyOf(state);
    }
  }

  /** The state after an earlier call. */
  record After(String call) implements StateOrigin {}

  /** The states after several calls, stacked along the batch. */
  record Stacked(List<String> calls) implements StateOrigin {
    public Stacked {
      calls = List.copyOf(calls);
    }
  }

  /** The calls whose state this is; empty at the start of a sequence. */
  default List<String> calls() {
    if (this instanceof After after) {
      return List.of(after.call);
    }
    return this instanceof Stacked stacked ? stacked.calls : List.of();
  }
}
