package ai.transonnx.verification.internal.structure;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Provenance;
import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.WideModel;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Builds the {@link ArchitectureTwin} of a file. */
record TwinBuilder(ModelFile file, FileArchitecture described) {
  /** The graph that the file is expected to have, and the weights that it has. */
  private record Original(Model model, FileWeights weights) {}

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
      try (var opened = open(checkpoint)) {
        var export =
            ExportRequest.builder(model, opened, output)
                .provenance(Provenance.of(architecture()))
                .unusedWeights(architecture().unusedWeights(request))
                .sharedWeights(architecture().sharedWeights());
        checkpoint.prefix().ifPresent(export::weightsPrefix);
        Exporter.export(export.build());
      }
    } else {
      var reused = ReusedWeights.of(model, original.model, original.weights);
      Exporter.export(
          ExportRequest.builder(reused, original.weights, output)
              .provenance(Provenance.of(architecture()))
              .build());
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

  /** The weights show which target the file is of: operators of ONNX Runtime take other ones. */
  private Original original(FileRequest.Built portable) {
    try {
      return new Original(portable.model(), FileWeights.of(file, portable.model()));
    } catch (NoTwinException e) {
      var model = architecture().build(forTarget(portable.request(), Target.ONNXRUNTIME));
      try {
        return new Original(model, FileWeights.of(file, model));
      } catch (NoTwinException other) {
        e.addSuppressed(other);
        throw e;
      }
    }
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
