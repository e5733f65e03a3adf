package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.ImageModel;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/* * x-transformers-paddle's {@code ViTransformerWrapper}, which classifies images by a class token.
 * Immutable.
 *
 * @see ImageModel the inputs and outputs
 */
public record ViTransformerWrapper(ViTransformerWrapperConfig config)
    implements XTransformersArchitecture {
  @Override
  public String className() {
    return "ViTransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public GraphFactory graphs() {
    return new ImageModel(className(), MatrixOrder.INPUTS_FIRST, config.plan());
  }
}
