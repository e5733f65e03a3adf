package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One run of a session, with its native tensors.
 *
 * @param inputs every input of the session's signature
 */
record NativeRun(NativeSession session, Map<String, Tensor> inputs) {
  /** Runs, and returns copies of outputs. */
  Outputs outputs(Set<String> names, Cancellation cancellation) {
    var natives = new LinkedHashMap<String, OnnxTensor>();
    try {
      wrap(inputs, natives);
      try (var result = session.run(natives, names, Map.of(), false, cancellation)) {
        var tensors = new LinkedHashMap<String, Tensor>();
        for (Map.Entry<String, OnnxValue> output : result) {
          tensors.put(output.getKey(), NativeTensors.copy(output.getKey(), output.getValue()));
        }
        return Outputs.of(tensors);
      }
    } finally {
      natives.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * Runs, and writes outputs into tensors.
   *
   * @throws TypeException if a target has another type than its output, or no direct buffer
   */
  void writeTo(Map<String, Tensor> targets, Cancellation cancellation) {
    targets.forEach(this::check);
    var natives = new LinkedHashMap<String, OnnxTensor>();
    var pinned = new LinkedHashMap<String, OnnxTensor>();
    try {
      wrap(inputs, natives);
      wrap(targets, pinned);
      session.run(natives, Set.of(), pinned, false, cancellation).close();
    } finally {
      natives.values().forEach(OnnxTensor::close);
      pinned.values().forEach(OnnxTensor::close);
    }
  }

  private void check(String name, Tensor target) {
    var spec = session.signature().output(name).orElseThrow();
    if (target.type() != spec.type()) {
      throw new TypeException("%s cannot be written to %s".formatted(spec, target));
    }
    if (!target.buffer().isDirect() || target.buffer().isReadOnly()) {
      throw new TypeException(
          "%s cannot be written to %s: it is not over a direct buffer".formatted(spec, target));
    }
  }

  private void wrap(Map<String, Tensor> tensors, Map<String, OnnxTensor> natives) {
    tensors.forEach(
        (name, tensor) -> natives.put(name, NativeTensors.wrap(session.environment(), tensor)));
  }
}
