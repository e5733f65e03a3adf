package ai.transonnx.verification;

import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls of a model over consecutive chunks of a sequence, with state passed from call to call. An
 * input of another length than the main one, such as a context, is passed whole to the first call
 * and empty to the others. Like any user of the file, this class relies on its metadata and the
 * names of dimensions only. For one thread.
 */
public final class SequenceCalls {
  private final CaseModel model;
  private final Map<String, Tensor> recorded;
  private final Map<String, Tensor> sequences;
  private final Map<String, Tensor> state = new HashMap<>();
  private final String main;
  private final int start;
  private boolean hasStarted;
  private int position;

  /**
   * Prepares calls.
   *
   * @param from the position at which the first call starts
   * @param main the name of the main input {@code [b, n, ...]}
   * @param recorded the inputs: sequences {@code [b, n, ...]}, and the state before them if it is
   *     not the initial one
   */
  SequenceCalls(CaseModel model, String main, Map<String, Tensor> recorded, int from) {
    this.model = model;
    this.recorded = recorded;
    this.sequences = new RecordedCall(model).sequences(recorded);
    this.position = from;
    this.start = from;
    this.main = main;
  }

  /** The name of the main input: target, tokens or vectors. */
  public static String mainInput(CaseModel model) {
    for (var name : new String[] {"tgt", "tokens", "x"}) {
      if (model.hasInput(name)) {
        return name;
      }
    }
    return model.inputs().iterator().next();
  }

  /** Runs the next positions of the recorded sequences. */
  Outputs next(int count) {
    return next(Map.of(), count);
  }

  /** Runs the next positions, with some inputs replaced. */
  Outputs next(Map<String, Tensor> replaced, int count) {
    var inputs = new HashMap<String, Tensor>();
    for (var sequence : sequences.entrySet()) {
      var name = sequence.getKey();
      if (model.hasSameLength(name, main)) {
        inputs.put(name, SequenceSlices.cut(sequence.getValue(), position, count));
      } else {
        inputs.put(
            name, hasStarted ? SequenceSlices.cut(sequence.getValue(), 0, 0) : sequence.getValue());
      }
    }
    inputs.putAll(replaced);
    if (!hasStarted) {
      var call = new RecordedCall(model);
      state.putAll(call.state(recorded, call.batch(inputs)));
      hasStarted = true;
    }
    inputs.putAll(state);
    var outputs = model.run(inputs);
    for (var pair : model.metadata().state()) {
      state.put(pair.input(), outputs.get(pair.output()));
    }
    position += count;
    return outputs;
  }

  /** The largest number of positions of the next call. */
  int room() {
    var metadata = model.metadata();
    return metadata.state().isEmpty()
        ? Integer.MAX_VALUE
        : metadata.cacheLayout().room((long) position - start);
  }

  /** The position at which the next call starts. */
  int position() {
    return position;
  }
}
