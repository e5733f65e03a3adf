package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.ClassGraphs;
import ai.transonnx.xtransformers.PlannedClass;
import ai.transonnx.xtransformers.StackModel;

/**
 * The port's {@code Encoder}, {@code Decoder} or {@code CrossAttender} as a model of its own.
 *
 * @see StackModel the inputs and outputs
 */
public record AttentionLayers(AttentionLayersConfig config) implements PlannedClass {
  @Override
  public String className() {
    return config.layersClass().toString();
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public ClassGraphs graphs() {
    return new StackModel(className(), MatrixOrder.INPUTS_FIRST, config.plan());
  }
}
