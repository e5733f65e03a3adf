package ai.transonnx.cli;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.weights.WeightFile;
import java.nio.file.Path;

/** A model's source whose weights are open and whose class is known. */
record OpenedSource(
    ModelSource.Described described,
    Architecture architecture,
    WeightFile weights,
    boolean allowsExpandedTensors) {
  /** The export of a graph to a file. */
  ExportRequest.Builder request(GraphRequest graph, Path file) {
    var request =
        ExportRequest.builder(architecture, weights, file)
            .graph(graph)
            .configuration(described.config())
            .sources(described.files())
            .allowExpandedTensors(allowsExpandedTensors);
    var prefix = described.weightsPrefix();
    return prefix == null ? request : request.weightsPrefix(prefix);
  }
}
