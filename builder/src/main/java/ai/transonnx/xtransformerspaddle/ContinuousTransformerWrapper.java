package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.ClassGraphs;
import ai.transonnx.xtransformers.PlannedClass;
import ai.transonnx.xtransformers.VectorModel;

/**
 * The port's {@code ContinuousTransformerWrapper}: vectors to vectors.
 *
 * @see VectorModel the inputs and outputs
 */
public record ContinuousTransformerWrapper(ContinuousTransformerWrapperConfig config)
    implements PlannedClass {
  @Override
  public String className() {
    return "ContinuousTransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public ClassGraphs graphs() {
    return new VectorModel(className(), MatrixOrder.INPUTS_FIRST, config.plan(), false, false);
  }
}
