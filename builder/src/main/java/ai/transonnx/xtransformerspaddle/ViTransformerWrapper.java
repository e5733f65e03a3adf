package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.ImageModel;
import java.util.Set;

/**
 * The port's {@code ViTransformerWrapper}: images to classes, by way of a class token.
 *
 * @see ImageModel the inputs and outputs
 */
public record ViTransformerWrapper(ViTransformerWrapperConfig config) implements Architecture {
  @Override
  public String className() {
    return "ViTransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return false;
  }

  @Override
  public Set<String> unneeded(GraphRequest request) {
    return model().unneeded(request);
  }

  @Override
  public Model build(GraphRequest request) {
    return model().build(request);
  }

  private ImageModel model() {
    return new ImageModel(className(), MatrixOrder.INPUTS_FIRST, config.plan());
  }
}
