package ai.transonnx.verification.internal.call;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.Signature;
import ai.transonnx.runtime.TensorSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Models without a file, for plans of calls. */
final class CallModels {
  private static final String STATE =
      """
      [{"input": "past_keys_0", "output": "present_keys_0", "type": "float32",
        "shape": ["batch", 2, "capacity", 4], "first": ["batch", 2, 0, 4], "role": "buffer"}]
      """;

  private CallModels() {}

  static TensorSpec spec(String name, ElementType type, Object... dims) {
    return new TensorSpec(
        name, type, Arrays.stream(dims).map(dim -> Dim.parse(dim.toString())).toList());
  }

  static CallModel of(Map<String, String> metadata, TensorSpec... inputs) {
    var named = new LinkedHashMap<String, TensorSpec>();
    for (var input : inputs) {
      named.put(input.name(), input);
    }
    var entries = new LinkedHashMap<String, String>();
    metadata.forEach((key, value) -> entries.put("transonnx." + key, value));
    return new CallModel(
        new Signature(named, Map.of()),
        ModelMetadata.of(Path.of("model.onnx"), entries),
        Map.of("tokens", 10L));
  }

  /** A model of tokens with a KV cache and further metadata. */
  static CallModel incremental(Map<String, String> metadata, TensorSpec... others) {
    var all = new LinkedHashMap<>(Map.of("state", STATE, "incremental", "true"));
    all.putAll(metadata);
    var inputs = Arrays.copyOf(others, others.length + 1);
    inputs[others.length] = spec("tokens", ElementType.INT64, "batch", "length");
    return of(all, inputs);
  }
}
