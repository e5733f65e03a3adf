package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Provenance;
import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.QuantizedModel;
import ai.transonnx.graph.QuantizedParameter;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.WideModel;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Builds the {@link ArchitectureTwin} of a file. */
record TwinBuilder(ModelFile file, FileArchitecture described) {
  private static final String REQUANTIZED = "requantized.onnx";

  /**
   * The graph that the file is expected to have, without quantization, and its weights.
   *
   * @param quantized the parameters that replace some of them
   */
  private record Original(
      GraphRequest request,
      Model model,
      Map<String, List<QuantizedParameter>> quantized,
      FileWeights weights) {}

  /**
   * Builds the twin.
   *
   * @throws NoTwinException if there is none
   */
  static ArchitectureTwin.Built build(ModelFile file, TwinWeights source, Path output) {
    return new TwinBuilder(file, FileArchitecture.of(file)).build(source, output);
  }

  private ArchitectureTwin.Built build(TwinWeights source, Path output) {
    var portable = FileRequest.of(file, described);
    var original = original(portable);
    var request = forTarget(portable.request(), Target.FLOAT64_KERNELS);
    var model = WideModel.of(architecture().build(request));
    if (source instanceof TwinWeights.Checkpoint checkpoint) {
      if (original.quantized.isEmpty()) {
        export(model, request, checkpoint, output);
      } else {
        export(model, original, requantized(original, checkpoint, output), output);
      }
    } else {
      export(model, original, original.weights, output);
    }
    var values =
        model.graph().nodes().stream()
            .map(Node::outputs)
            .flatMap(outputs -> outputs.stream())
            .collect(Collectors.toUnmodifiableSet());
    return new ArchitectureTwin.Built(output, architecture(), request, values);
  }

  private Architecture architecture() {
    return described.architecture();
  }

  private void export(
      Model model, GraphRequest request, TwinWeights.Checkpoint checkpoint, Path output) {
    try (var opened = open(checkpoint)) {
      var export =
          ExportRequest.builder(model, opened, output)
              .provenance(Provenance.of(architecture()))
              .unusedWeights(architecture().unusedWeights(request))
              .sharedWeights(architecture().sharedWeights());
      checkpoint.prefix().ifPresent(export::weightsPrefix);
      Exporter.export(export.build());
    }
  }

  private void export(Model model, Original original, FileWeights weights, Path output) {
    Exporter.export(
        ExportRequest.builder(ReusedWeights.of(model, original.model, weights), weights, output)
            .provenance(Provenance.of(architecture()))
            .build());
  }

  /** The weights of a checkpoint, quantized as those of the file are. */
  private FileWeights requantized(
      Original original, TwinWeights.Checkpoint checkpoint, Path output) {
    if (described.isCalibrated()) {
      throw new NoTwinException(
          "its weights were quantized with a calibration, so a checkpoint alone does not determine"
              + " them");
    }
    var kept =
        original.quantized.keySet().stream()
            .filter(name -> original.weights.isPlain(name))
            .toList();
    var quantization = described.quantization().orElseThrow().withKeep(kept);
    var emit = original.request.emit().withQuantization(quantization);
    var request = original.request.toBuilder().emit(emit).build();
    var file = output.resolveSibling(REQUANTIZED);
    export(architecture().build(request), request, checkpoint, file);
    return FileWeights.of(ModelFile.read(file), original.model, original.quantized);
  }

  /** The weights show which target the file is of: operators of ONNX Runtime take other ones. */
  private Original original(FileRequest.Built portable) {
    try {
      return original(portable.request(), portable.model());
    } catch (NoTwinException e) {
      var request = forTarget(portable.request(), Target.ONNXRUNTIME);
      try {
        return original(request, architecture().build(request));
      } catch (NoTwinException other) {
        e.addSuppressed(other);
        throw e;
      }
    }
  }

  private Original original(GraphRequest request, Model model) {
    Map<String, List<QuantizedParameter>> quantized = Map.of();
    if (described.quantization().isPresent()) {
      try {
        quantized =
            QuantizedModel.parameters(
                model, described.quantization().get(), request.emit().target());
      } catch (InputException e) {
        throw new NoTwinException(
            "its metadata describe a quantization that its class cannot have: "
                + FileArchitecture.firstLine(e.getMessage()));
      }
    }
    return new Original(request, model, quantized, FileWeights.of(file, model, quantized));
  }

  private static GraphRequest forTarget(GraphRequest request, Target target) {
    return request.toBuilder().emit(request.emit().withTarget(target)).build();
  }

  private static WeightFile open(TwinWeights.Checkpoint checkpoint) {
    return checkpoint.key().isPresent()
        ? Weights.open(checkpoint.weights(), checkpoint.key().get())
        : Weights.open(checkpoint.weights());
  }
}
