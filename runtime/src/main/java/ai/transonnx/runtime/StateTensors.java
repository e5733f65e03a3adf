package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.util.List;
import java.util.Map;

/**
 * The native state of a loop. What one call gives is handed to the next as it is, never copied to
 * Java; what it replaces is freed at once.
 */
final class StateTensors implements AutoCloseable {
  private final List<StatePair> pairs;
  // Made once and kept: a loop may start again, and the runtime may still refer to their buffers.
  private final Tensor[] zeros;
  private final OnnxTensor[] first;
  private final OnnxTensor[] current;

  StateTensors(OrtEnvironment environment, List<StatePair> pairs, int batch) {
    this.pairs = pairs;
    this.zeros = pairs.stream().map(pair -> pair.zeros(batch)).toArray(Tensor[]::new);
    this.first = new OnnxTensor[zeros.length];
    for (int i = 0; i < zeros.length; i++) {
      first[i] = NativeTensors.wrap(environment, zeros[i]);
    }
    this.current = first.clone();
  }

  boolean isEmpty() {
    return first.length == 0;
  }

  /**
   * Adds the state to a call's inputs.
   *
   * @param fresh whether the call starts from zeros, whatever came before
   */
  void give(Map<String, OnnxTensor> inputs, boolean fresh) {
    OnnxTensor[] given = fresh ? first : current;
    for (int i = 0; i < given.length; i++) {
      inputs.put(pairs.get(i).input(), given[i]);
    }
  }

  /** Takes the state over from a call's outputs. */
  void take(OrtSession.Result result) {
    for (int i = 0; i < current.length; i++) {
      replace(i, (OnnxTensor) result.get(pairs.get(i).output()).orElseThrow());
    }
  }

  private void replace(int i, OnnxTensor tensor) {
    if (current[i] != first[i]) {
      current[i].close();
    }
    current[i] = tensor;
  }

  /** Goes back to zeros. */
  void reset() {
    for (int i = 0; i < current.length; i++) {
      replace(i, first[i]);
    }
  }

  @Override
  public void close() {
    reset();
    for (OnnxTensor tensor : first) {
      tensor.close();
    }
  }
}
