package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.InputChecks;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.ModelOptions.Optimisation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.verification.internal.graph.Exposed;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.file.Path;
import java.util.List;

/** Adds the types of intermediate values to a model. ONNX Runtime in this process infers them. */
final class TypedModel {
  private TypedModel() {}

  /**
   * The model with the types of those values that are tensors.
   *
   * @param values results of nodes of the main graph
   * @param folder a temporary folder
   * @return the model itself if ONNX Runtime cannot load it
   */
  static ModelProto of(ModelFile file, List<String> values, Path folder) {
    var path = file.write(Exposed.of(file.proto(), values), folder, "types");
    var options =
        ModelOptions.builder()
            .optimisation(Optimisation.NONE)
            .inputChecks(InputChecks.NAMES_AND_TYPES)
            .build();
    try (var model = OnnxModel.load(path, options)) {
      var typed = file.proto().toBuilder();
      var graph = typed.getGraphBuilder().clearValueInfo();
      for (var spec : model.signature().outputs().values()) {
        var value = graph.addValueInfoBuilder().setName(spec.name());
        value.getTypeBuilder().getTensorTypeBuilder().setElemType(spec.type().onnxNumber());
      }
      return typed.build();
    } catch (InferenceException e) {
      return file.proto();
    }
  }
}
