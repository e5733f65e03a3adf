package ai.transonnx.verification;

import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls of a model over the pieces of a sequence. All that it knows of the model are the pairs of
 * its metadata and the names of sizes: an input of another length than the main one, such as a
 * context, is given whole to the first call and empty to those that go on.
 */
public final class SequenceCalls {
  private final CaseModel model;
  private final Map<String, Tensor> recorded;
  private final Map<String, Tensor> sequences;
  private final Map<String, Tensor> state = new HashMap<>();
  private final String main;
  private final int start;
  private boolean started;
  private int given;

  /**
   * No call so far.
   *
   * @param from the position that the first call begins with
   * @param main the name of the main input {@code [b, n, ...]}
   * @param recorded the inputs: sequences {@code [b, n, ...]}, and the state before them if it is
   *     not that of the start
   */
  SequenceCalls(CaseModel model, String main, Map<String, Tensor> recorded, int from) {
    this.model = model;
    this.recorded = recorded;
    this.sequences = new RecordedCall(model).sequences(recorded);
    this.given = from;
    this.start = from;
    this.main = main;
  }

  /** The name of a model's main input. */
  public static String main(CaseModel model) {
    for (var name : new String[] {"tgt", "tokens", "x"}) {
      if (model.takes(name)) {
        return name;
      }
    }
    return model.inputs().iterator().next();
  }

  /** Gives the next positions of the recorded sequences. */
  Outputs next(int count) {
    return next(Map.of(), count);
  }

  /** Gives the next positions, of which some sequences are not as they were recorded. */
  Outputs next(Map<String, Tensor> changed, int count) {
    var inputs = new HashMap<String, Tensor>();
    for (var sequence : sequences.entrySet()) {
      var name = sequence.getKey();
      if (model.isAsLong(name, main)) {
        inputs.put(name, SequenceSlices.cut(sequence.getValue(), given, count));
      } else {
        inputs.put(
            name, started ? SequenceSlices.cut(sequence.getValue(), 0, 0) : sequence.getValue());
      }
    }
    inputs.putAll(changed);
    if (!started) {
      state.putAll(new RecordedCall(model).state(recorded, RecordedCall.batch(inputs)));
      started = true;
    }
    inputs.putAll(state);
    var outputs = model.run(inputs);
    for (var pair : model.metadata().state()) {
      state.put(pair.input(), outputs.get(pair.output()));
    }
    given += count;
    return outputs;
  }

  /** How many positions the next call may have. */
  int room() {
    var metadata = model.metadata();
    return metadata.state().isEmpty()
        ? Integer.MAX_VALUE
        : metadata.slots().room((long) given - start);
  }

  /** How many positions have been given. */
  int given() {
    return given;
  }
}
