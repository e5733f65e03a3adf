package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.StackModel;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/* * x-transformers-paddle's {@code Encoder}, {@code Decoder} or {@code CrossAttender} as a
 * stand-alone model. Immutable.
 *
 * @see StackModel the inputs and outputs
 */
public record AttentionLayers(AttentionLayersConfig config) implements XTransformersArchitecture {
  @Override
  public String className() {
    return config.layersClass().toString();
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public GraphFactory graphs() {
    return new StackModel(className(), MatrixOrder.INPUTS_FIRST, config.plan());
  }
}
