package ai.transonnx.golden;

import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.graph.Model;
import ai.transonnx.runtime.OnnxModel;
import java.nio.file.Path;

/** Loads a model that a test has built, to compare its outputs with a formula written as loops. */
final class BuiltModel {
  private BuiltModel() {}

  /** Loads a model without parameters, from a file in {@code folder}. */
  static OnnxModel load(Model model, Path folder) {
    return load(model, new TestWeights(), folder);
  }

  /** Loads a model with these weights, from files in {@code folder}. */
  static OnnxModel load(Model model, TestWeights weights, Path folder) {
    var file = folder.resolve("model.onnx");
    try (var opened = Weights.open(weights.write(folder.resolve("weights.safetensors")))) {
      Exporter.export(ExportRequest.builder(model, opened, file).build());
    }
    return OnnxModel.load(file);
  }
}
