package ai.transonnx.golden;

import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseModel;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.ModelRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model in any runtime.
 *
 * @param file the same model in this process, for its metadata and signature
 */
record RunnerCaseModel(OnnxModel file, LoadedModel model) implements CaseModel {
  static CaseModel load(Path file, ModelRunner runner) {
    var opened = OnnxModel.load(file);
    try {
      return new RunnerCaseModel(opened, runner.load(file));
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public ModelMetadata metadata() {
    return file.metadata();
  }

  @Override
  public List<String> inputs() {
    return List.copyOf(file.signature().inputs().keySet());
  }

  @Override
  public boolean hasSameLength(String input, String other) {
    return length(input).equals(length(other));
  }

  private Object length(String input) {
    var dims = file.signature().input(input).orElseThrow().dims();
    return dims.get(Math.min(1, dims.size() - 1));
  }

  @Override
  public Outputs run(Map<String, Tensor> inputs) {
    return Outputs.of(model.run(inputs, file.signature().outputs().keySet()));
  }

  @Override
  public long[][] continueGreedily(long[][] prompts, Map<String, Tensor> others, int length) {
    throw new UnsupportedOperationException("a runtime has no loop");
  }

  @Override
  public void close() {
    model.close();
    file.close();
  }
}
