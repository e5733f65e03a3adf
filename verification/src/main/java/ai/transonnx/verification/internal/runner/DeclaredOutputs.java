package ai.transonnx.verification.internal.runner;

import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.inspect.PortSummary;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The outputs that a model file declares. Sizes are not compared: runtimes compute files whose
 * declared sizes are wrong.
 *
 * @param types the type of each output, such as {@code float32 [batch, length]}
 */
record DeclaredOutputs(Map<String, String> types) {
  static DeclaredOutputs read(Path model) {
    var types = new LinkedHashMap<String, String>();
    for (PortSummary output : OnnxSummary.read(model).graph().outputs()) {
      types.put(output.name(), output.type());
    }
    return new DeclaredOutputs(types);
  }

  /** The reason why the model cannot return some outputs. */
  Optional<String> problem(Set<String> requested) {
    return requested.stream()
        .filter(name -> !types.containsKey(name))
        .findFirst()
        .map(name -> "the model has no output '%s'; it has %s".formatted(name, types.keySet()));
  }

  /** The reason why tensors are not the outputs. A file may leave out their types. */
  Optional<String> problem(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .filter(output -> elements(output.getKey()).isPresent())
        .filter(output -> !elements(output.getKey()).equals(Optional.of(output.getValue().type())))
        .findFirst()
        .map(
            output ->
                "output '%s' is %s; the model declares %s"
                    .formatted(output.getKey(), output.getValue(), types.get(output.getKey())));
  }

  private Optional<ElementType> elements(String output) {
    return ElementType.named(types.getOrDefault(output, "").split(" ", 2)[0]);
  }
}
