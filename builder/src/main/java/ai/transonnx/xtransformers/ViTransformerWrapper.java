package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.op.MatrixOrder;
import java.util.Set;

/**
 * x-transformers' {@code ViTransformerWrapper}: images to classes.
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
    return Library.X_TRANSFORMERS;
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
    return new ImageModel(className(), MatrixOrder.OUTPUTS_FIRST, config.plan());
  }
}
