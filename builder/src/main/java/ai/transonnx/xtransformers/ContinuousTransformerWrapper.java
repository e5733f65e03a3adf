package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.VectorModel;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/**
 * x-transformers' {@code ContinuousTransformerWrapper}, which maps vectors to vectors. Immutable.
 *
 * @see VectorModel the inputs and outputs
 */
public record ContinuousTransformerWrapper(ContinuousTransformerWrapperConfig config)
    implements XTransformersArchitecture {
  @Override
  public String className() {
    return "ContinuousTransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public GraphFactory graphs() {
    return new VectorModel(className(), MatrixOrder.OUTPUTS_FIRST, config.plan(), true, true);
  }
}
