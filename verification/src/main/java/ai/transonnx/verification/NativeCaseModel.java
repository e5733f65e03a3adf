package ai.transonnx.verification;

import ai.transonnx.format.Dim;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.generation.VectorGenerationRequest;
import ai.transonnx.runtime.generation.VectorGenerator;
import java.util.List;
import java.util.Map;

/** A model in {@link OnnxModel}. */
record NativeCaseModel(OnnxModel model) implements CaseModel {
  @Override
  public ModelMetadata metadata() {
    return model.metadata();
  }

  @Override
  public List<String> inputs() {
    return List.copyOf(model.signature().inputs().keySet());
  }

  @Override
  public boolean hasSameLength(String input, String other) {
    return length(input).equals(length(other));
  }

  private Dim length(String input) {
    var dims = model.signature().input(input).orElseThrow().dims();
    return dims.get(Math.min(1, dims.size() - 1));
  }

  @Override
  public Outputs run(Map<String, Tensor> inputs) {
    return model.run(inputs);
  }

  @Override
  public long[][] continueGreedily(long[][] prompts, Map<String, Tensor> others, int length) {
    var options = GenerationOptions.builder(length).greedy().build();
    var generation =
        Generator.of(model)
            .generate(GenerationRequest.builder(prompts, options).inputs(others).build());
    var tokens = new long[prompts.length][];
    for (int row = 0; row < prompts.length; row++) {
      tokens[row] = generation.tokens(row);
    }
    return tokens;
  }

  @Override
  public Tensor continueVectors(Tensor prompt, Map<String, Tensor> others, int length) {
    return VectorGenerator.of(model)
        .generate(VectorGenerationRequest.builder(prompt, length).inputs(others).build());
  }

  @Override
  public void close() {
    model.close();
  }
}
