package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.ImageModel;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/* * x-transformers' {@code ViTransformerWrapper}, which classifies images. Immutable.
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
    return Library.X_TRANSFORMERS;
  }

  @Override
  public GraphFactory graphs() {
    return new ImageModel(className(), MatrixOrder.OUTPUTS_FIRST, config.plan());
  }
}
