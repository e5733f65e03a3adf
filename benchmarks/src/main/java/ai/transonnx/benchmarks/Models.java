package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.graph.Model;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.tokenshift.TokenShiftGpt;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The measured models, with random weights. */
final class Models {
  private Models() {}

  /** Two threads, on the device of {@code -Dtransonnx.device}, by default the CPU. */
  static ModelOptions options() {
    var device = Device.parse(System.getProperty("transonnx.device", "cpu"));
    return ModelOptions.builder().device(device).threads(2).build();
  }

  /** The configuration of the library's README: 356 MB of weights. */
  static Architecture tokenShiftGpt(boolean discounted) {
    return new TokenShiftGpt(
        TokenShiftGptConfig.builder()
            .numTokens(256)
            .dim(512)
            .maxSeqLen(1024)
            .depth(12)
            .ffMult(8)
            .useDiscountedCumsum(discounted)
            .build());
  }

  /** Exports a model into a new temporary file. */
  static Path export(Architecture architecture, GraphRequest request) {
    return export(architecture.build(request));
  }

  /** Exports a model into a new temporary file. */
  static Path export(Model model) {
    try {
      var folder = Files.createTempDirectory("transonnx-benchmark");
      folder.toFile().deleteOnExit(); // after its content
      var weights = folder.resolve("weights.safetensors");
      var output = folder.resolve("model.onnx");
      RandomWeights.write(model, weights);
      try (var opened = Weights.open(weights)) {
        Exporter.export(ExportRequest.builder(model, opened, output).build());
      }
      Files.delete(weights);
      output.toFile().deleteOnExit();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
