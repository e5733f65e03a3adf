package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.ClassGraphs;
import ai.transonnx.xtransformers.PlannedClass;
import ai.transonnx.xtransformers.TokenModel;

/**
 * The port's {@code TransformerWrapper}: tokens to logits.
 *
 * @see TokenModel the inputs and outputs
 */
public record TransformerWrapper(TransformerWrapperConfig config) implements PlannedClass {
  @Override
  public String className() {
    return "TransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public ClassGraphs graphs() {
    return new TokenModel(className(), MatrixOrder.INPUTS_FIRST, config.plan(), false);
  }
}
