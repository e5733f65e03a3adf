package ai.transonnx.runtime.diagnosis;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Calls a model with zeros of any length, and with masks that are all true. */
final class ProbeCall {
  private static final Dim BATCH = Dim.of("batch");

  private final OnnxModel model;
  private final Map<String, StateTensor> state = new HashMap<>();

  ProbeCall(OnnxModel model) {
    this.model = model;
    model.metadata().state().forEach(pair -> state.put(pair.input(), pair));
  }

  /** Whether an input has a variable length. */
  boolean hasLength() {
    return model.signature().inputs().values().stream()
        .filter(spec -> !state.containsKey(spec.name()))
        .anyMatch(spec -> spec.dims().stream().anyMatch(ProbeCall::isLength));
  }

  /** The maximum number of positions of a call. */
  long longest() {
    int longest = model.metadata().longestCall();
    return longest == Integer.MAX_VALUE ? Long.MAX_VALUE : longest;
  }

  void run(long length) {
    var inputs = new HashMap<String, Tensor>();
    for (TensorSpec spec : model.signature().inputs().values()) {
      var pair = state.get(spec.name());
      inputs.put(spec.name(), pair == null ? tensor(spec, length) : Tensor.zeros(pair, 1));
    }
    model.run(inputs);
  }

  private static Tensor tensor(TensorSpec spec, long length) {
    long[] shape =
        spec.dims().stream()
            .mapToLong(dim -> dim.isFixed() ? dim.size() : isLength(dim) ? length : 1)
            .toArray();
    var zeros = Tensor.zeros(spec.type(), shape);
    if (spec.type() != ElementType.BOOL) {
      return zeros;
    }
    var kept = new boolean[zeros.size()];
    Arrays.fill(kept, true);
    return Tensor.ofBooleans(kept, shape);
  }

  private static boolean isLength(Dim dim) {
    return !dim.isFixed() && !dim.equals(BATCH);
  }
}
