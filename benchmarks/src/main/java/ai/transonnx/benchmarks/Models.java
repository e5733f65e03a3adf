package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
import ai.transonnx.registry.Architectures;
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
    return options(2);
  }

  /** The device of {@code -Dtransonnx.device}, by default the CPU. */
  static ModelOptions options(int threads) {
    var device = Device.parse(System.getProperty("transonnx.device", "cpu"));
    return ModelOptions.builder().device(device).threads(threads).build();
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
      var output = folder.resolve("model.onnx");
      export(model, output);
      output.toFile().deleteOnExit();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Exports an incremental decoder with the logits of the last position. */
  static void exportDecoder(Library library, String config, EmitOptions emit, Path output) {
    var request = GraphRequest.builder().incremental(true).lastLogits(true).emit(emit).build();
    export(Architectures.of(library, config).build(request), output);
  }

  private static void export(Model model, Path output) {
    var weights = output.resolveSibling("weights.safetensors");
    try {
      RandomWeights.write(model, weights);
      try (var opened = Weights.open(weights)) {
        Exporter.export(ExportRequest.builder(model, opened, output).build());
      }
      Files.delete(weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
