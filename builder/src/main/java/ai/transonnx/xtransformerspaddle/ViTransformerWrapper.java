package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.ClassGraphs;
import ai.transonnx.xtransformers.ImageModel;
import ai.transonnx.xtransformers.PlannedClass;

/**
 * The port's {@code ViTransformerWrapper}: images to classes, by way of a class token.
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
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public ClassGraphs graphs() {
    return new ImageModel(className(), MatrixOrder.INPUTS_FIRST, config.plan());
  }
}
