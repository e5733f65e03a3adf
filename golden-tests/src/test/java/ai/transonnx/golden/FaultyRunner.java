package ai.transonnx.golden;

import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerFingerprint;
import ai.transonnx.verification.runner.Runners;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A runtime that computes a wrong result for some nodes: one that is too large by a factor. */
final class FaultyRunner implements ModelRunner {
  private final ModelRunner runner = Runners.open("cpu:all:threads=1");
  private final Predicate<ModelProto> isFaulty;
  private final String node;
  private final float factor;

  /**
   * A faulty runtime.
   *
   * @param node the name of the node with the wrong result
   * @param isFaulty whether the result is wrong in a model that has this node
   */
  FaultyRunner(String node, float factor, Predicate<ModelProto> isFaulty) {
    this.node = node;
    this.factor = factor;
    this.isFaulty = isFaulty;
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public RunnerFingerprint fingerprint() {
    return runner.fingerprint();
  }

  @Override
  public LoadedModel load(Path model) {
    var file = ModelFile.read(model);
    var folder = TemporaryFolder.create();
    var changed = isFaulty.test(file.proto()) ? changed(file.proto()) : file.proto();
    var loaded = runner.load(file.write(changed, folder.path(), "faulty"));
    return new LoadedModel() {
      @Override
      public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs) {
        return loaded.run(inputs, outputs);
      }

      @Override
      public void close() {
        loaded.close();
        try {
          folder.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private ModelProto changed(ModelProto model) {
    var changed = model.toBuilder();
    var graph = changed.getGraphBuilder();
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("fault")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addFloatData(factor));
    graph.clearNode();
    for (var original : model.getGraph().getNodeList()) {
      if (!original.getName().equals(node)) {
        graph.addNode(original);
        continue;
      }
      var result = original.getOutput(0);
      graph.addNode(original.toBuilder().setOutput(0, "right"));
      graph.addNode(
          NodeProto.newBuilder()
              .setOpType("Mul")
              .addInput("right")
              .addInput("fault")
              .addOutput(result));
    }
    return changed.build();
  }

  @Override
  public void close() {
    runner.close();
  }
}
