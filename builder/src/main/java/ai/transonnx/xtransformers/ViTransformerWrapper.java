package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Library;
import ai.transonnx.op.MatrixOrder;

/**
 * x-transformers' {@code ViTransformerWrapper}: images to classes.
 *
 * @see ImageModel the inputs and outputs
 */
public record ViTransformerWrapper(ViTransformerWrapperConfig config) implements PlannedClass {
  @Override
  public String className() {
    return "ViTransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public ClassGraphs graphs() {
    return new ImageModel(className(), MatrixOrder.OUTPUTS_FIRST, config.plan());
  }
}
