package ai.transonnx.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a loop.
 *
 * @param inputs the inputs besides the sequence and state
 * @param reservation empty to let ONNX Runtime allocate the state
 */
record LoopOptions(
    OnnxModel model,
    int batch,
    Map<String, Tensor> inputs,
    ContextOverflow contextOverflow,
    Optional<Reservation> reservation) {
  LoopOptions {
    inputs = Map.copyOf(inputs);
  }

  /**
   * These options for other rows, without a reservation: row {@code i} is row {@code rows[i]} of
   * these.
   */
  LoopOptions select(int... rows) {
    var selected = new HashMap<>(inputs);
    selected.replaceAll(
        (name, tensor) ->
            model.signature().hasRows(name) ? RowSelection.of(tensor, 0, rows) : tensor);
    return new LoopOptions(model, rows.length, selected, contextOverflow, Optional.empty());
  }

  /** Memory for the state of a number of positions. */
  record Reservation(StateMemory memory, int positions) {}
}
