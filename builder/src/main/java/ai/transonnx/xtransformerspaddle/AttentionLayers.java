package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.StackModel;
import java.util.Set;

/**
 * The port's {@code Encoder}, {@code Decoder} or {@code CrossAttender} as a model of its own.
 *
 * @see StackModel the inputs and outputs
 */
public record AttentionLayers(AttentionLayersConfig config) implements Architecture {
  @Override
  public String className() {
    return config.layersClass().toString();
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return model().isIncremental(request);
  }

  @Override
  public Set<String> unneeded(GraphRequest request) {
    return model().unneeded();
  }

  @Override
  public Model build(GraphRequest request) {
    return model().build(request);
  }

  private StackModel model() {
    return new StackModel(className(), MatrixOrder.INPUTS_FIRST, config.plan());
  }
}
