package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.verification.internal.runner.Launch;
import ai.transonnx.verification.internal.runner.ProcessRunner;
import ai.transonnx.verification.internal.runner.Programs;
import ai.transonnx.verification.internal.runner.RunnerFolder;
import ai.transonnx.verification.internal.runner.RunnerName;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** onnxruntime-node in a process of Node. */
public final class NodeRunner {
  private static final Programs NODE = new Programs("TRANSONNX_NODE", List.of("node"));

  private NodeRunner() {}

  /** Opens {@code node}, as {@code Runners.open} describes. */
  public static ModelRunner open(RunnerName name, RunnerOptions options) {
    var node =
        NODE.find()
            .orElseThrow(
                () ->
                    new MissingRunnerException(
                        "%s: there is no Node: %s".formatted(name.shown(), NODE.places()),
                        "apt-get install nodejs npm"));
    var library = NpmPackage.NODE.find(name, System.getenv());
    return ProcessRunner.start(name, options, folder -> launch(folder, node, library));
  }

  private static Launch launch(RunnerFolder folder, Path node, Path library) throws IOException {
    folder.unpack(NodeRunner.class, "safetensors.mjs");
    var script = folder.unpack(NodeRunner.class, "runner.mjs");
    return Launch.of(List.of(node.toString(), script.toString(), library.toString()));
  }
}
