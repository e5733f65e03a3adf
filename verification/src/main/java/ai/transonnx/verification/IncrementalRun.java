package ai.transonnx.verification;

import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a model with state over a sequence in chunks. Like any user of the file, this class relies
 * on its metadata only.
 */
final class IncrementalRun {
  private final CaseModel model;

  IncrementalRun(CaseModel model) {
    this.model = model;
  }

  /** Whether an output is {@code [b, n, d]}, and not an attention map. */
  static boolean isSequence(Tensor output) {
    return output.shape().length == 3;
  }

  /**
   * The outputs at all positions, {@code [b, n, d]}, without attention maps and state.
   *
   * @param recorded the inputs: sequences {@code [b, n, ...]}, and the state before them if it is
   *     not the initial one
   * @param chunks the number of positions of each call; their sum is n
   */
  Map<String, Tensor> outputs(Map<String, Tensor> recorded, List<Integer> chunks) {
    var calls = new SequenceCalls(model, SequenceCalls.mainInput(model), recorded, 0);
    var parts = new TreeMap<String, List<Tensor>>();
    for (int chunk : chunks) {
      int end = calls.position() + chunk;
      while (calls.position() < end) {
        var outputs =
            new HashMap<>(calls.next(Math.min(end - calls.position(), calls.room())).asMap());
        model.metadata().state().forEach(pair -> outputs.remove(pair.output()));
        outputs.values().removeIf(tensor -> !isSequence(tensor));
        outputs.forEach(
            (name, part) -> parts.computeIfAbsent(name, n -> new ArrayList<>()).add(part));
      }
    }
    var joined = new TreeMap<String, Tensor>();
    parts.forEach((name, all) -> joined.put(name, SequenceSlices.join(all)));
    return joined;
  }
}
