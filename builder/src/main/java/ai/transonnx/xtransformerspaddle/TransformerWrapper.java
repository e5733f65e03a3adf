package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.TokenModel;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/* * x-transformers-paddle's {@code TransformerWrapper}, which maps tokens to logits. Immutable.
 *
 * @see TokenModel the inputs and outputs
 */
public record TransformerWrapper(TransformerWrapperConfig config)
    implements XTransformersArchitecture {
  @Override
  public String className() {
    return "TransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public GraphFactory graphs() {
    return new TokenModel(className(), MatrixOrder.INPUTS_FIRST, config.plan(), false);
  }
}
