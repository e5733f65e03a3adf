package ai.transonnx.golden;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.StatePair;
import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs a model with state over a sequence that is given in pieces. All that it knows of the model
 * are the pairs of its metadata.
 */
final class IncrementalRun {
  private final OnnxModel model;
  private final RecordedCall call;

  IncrementalRun(OnnxModel model) {
    this.model = model;
    this.call = new RecordedCall(model);
  }

  /**
   * An output at all positions.
   *
   * @param recorded the inputs: sequences {@code [b, n, ...]}, and the state before them if it is
   *     not that of the start
   * @param output the name of an output {@code [b, n, ...]}
   * @param pieces the number of positions of each call; their sum is n
   */
  Tensor output(Map<String, Tensor> recorded, String output, List<Integer> pieces) {
    var sequences = call.sequences(recorded);
    var state = call.state(recorded, RecordedCall.batch(sequences));
    var parts = new ArrayList<Tensor>();
    int start = 0;
    for (int piece : pieces) {
      var inputs = new HashMap<>(state);
      for (var sequence : sequences.entrySet()) {
        inputs.put(sequence.getKey(), Pieces.cut(sequence.getValue(), start, piece));
      }
      var outputs = model.run(inputs);
      parts.add(Objects.requireNonNull(outputs.get(output)));
      for (StatePair pair : model.metadata().state()) {
        state.put(pair.input(), Objects.requireNonNull(outputs.get(pair.output())));
      }
      start += piece;
    }
    return Pieces.join(parts);
  }
}
