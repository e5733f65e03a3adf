package ai.transonnx.verification;

import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a model with state over a sequence that is given in pieces. All that it knows of the model
 * are the pairs of its metadata.
 */
final class IncrementalRun {
  private final CaseModel model;

  IncrementalRun(CaseModel model) {
    this.model = model;
  }

  /** Whether an output is {@code [b, n, ...]}, and no map of positions to keys. */
  static boolean isSequence(Tensor output) {
    return output.shape().length == 3;
  }

  /**
   * The outputs at all positions, {@code [b, n, ...]}; attention maps, of keys so far, are not
   * among them.
   *
   * @param recorded the inputs: sequences {@code [b, n, ...]}, and the state before them if it is
   *     not that of the start
   * @param pieces the number of positions of each call; their sum is n
   */
  Map<String, Tensor> outputs(Map<String, Tensor> recorded, List<Integer> pieces) {
    var calls = new SequenceCalls(model, SequenceCalls.main(model), recorded, 0);
    var parts = new TreeMap<String, List<Tensor>>();
    for (int piece : pieces) {
      int end = calls.given() + piece;
      while (calls.given() < end) {
        var outputs =
            new HashMap<>(calls.next(Math.min(end - calls.given(), calls.room())).asMap());
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
