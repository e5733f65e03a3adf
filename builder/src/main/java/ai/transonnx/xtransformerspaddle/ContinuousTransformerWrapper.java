package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.VectorModel;
import java.util.Set;

/**
 * The port's {@code ContinuousTransformerWrapper}: vectors to vectors.
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
    return Library.X_TRANSFORMERS_PADDLE;
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
    return new VectorModel(className(), MatrixOrder.INPUTS_FIRST, config.plan(), false, false);
  }
}
