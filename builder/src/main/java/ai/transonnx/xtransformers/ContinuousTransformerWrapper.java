package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.op.MatrixOrder;
import java.util.Set;

/**
 * x-transformers' {@code ContinuousTransformerWrapper}: vectors to vectors.
 *
 * @see VectorModel the inputs and outputs
 */
public record ContinuousTransformerWrapper(ContinuousTransformerWrapperConfig config)
    implements Architecture {
  @Override
  public String className() {
    return "ContinuousTransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return model().isIncremental(request);
  }

  @Override
  public Set<String> unneeded(GraphRequest request) {
    return model().unneeded(request);
  }

  @Override
  public Model build(GraphRequest request) {
    return model().build(request);
  }

  private VectorModel model() {
    return new VectorModel(className(), MatrixOrder.OUTPUTS_FIRST, config.plan(), true, true);
  }
}
