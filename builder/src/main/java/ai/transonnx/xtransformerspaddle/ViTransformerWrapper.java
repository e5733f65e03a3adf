package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.ImageModel;
import ai.transonnx.op.MatrixOrder;
import java.util.Set;

/**
 * x-transformers-paddle's {@code ViTransformerWrapper}, which classifies images by a class token.
 * Immutable.
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
  public Model build(GraphRequest request) {
    return graphs().build(BuildContext.of(request));
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return graphs().isIncremental(BuildContext.of(request));
  }

  @Override
  public Set<String> unusedWeights(GraphRequest request) {
    return graphs().unusedWeights(BuildContext.of(request));
  }

  private GraphFactory graphs() {
    return new ImageModel(className(), MatrixOrder.INPUTS_FIRST, config.plan());
  }
}
