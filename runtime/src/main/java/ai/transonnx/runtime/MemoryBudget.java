package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.transonnx.format.Dim;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Rejects a call before it starts if its inputs and outputs alone exceed a limit. A dimension whose
 * size is known only after the call counts as 1.
 *
 * @param bytes the limit in bytes
 */
record MemoryBudget(String model, long bytes, Signature signature) {
  /**
   * Checks a call.
   *
   * @throws MemoryLimitException if it exceeds the limit
   */
  void check(Map<String, OnnxTensor> inputs, Set<String> outputs, Set<String> pinned) {
    if (bytes == Long.MAX_VALUE) {
      return;
    }
    var sizes = new HashMap<Dim, Long>();
    inputs.forEach((name, tensor) -> collect(name, tensor.getInfo().getShape(), sizes));
    double needed = 0;
    for (TensorSpec spec : signature.inputs().values()) {
      needed += spec.bytes(sizes);
    }
    for (TensorSpec spec : signature.outputs().values()) {
      boolean isRequested = outputs.contains(spec.name()) || pinned.contains(spec.name());
      needed += isRequested ? spec.bytes(sizes) : 0;
    }
    if (needed > bytes) {
      throw new MemoryLimitException(
          String.format(
              Locale.ROOT,
              "%s: the inputs and outputs of this call have %.1f MB; the limit is %.1f MB; sizes %s",
              model,
              needed / 1e6,
              bytes / 1e6,
              sizes));
    }
  }

  private void collect(String input, long[] shape, Map<Dim, Long> sizes) {
    var dims = signature.input(input).orElseThrow().dims();
    for (int axis = 0; axis < dims.size(); axis++) {
      if (!dims.get(axis).isFixed() && !dims.get(axis).isUnknown()) {
        sizes.put(dims.get(axis), shape[axis]);
      }
    }
  }
}
