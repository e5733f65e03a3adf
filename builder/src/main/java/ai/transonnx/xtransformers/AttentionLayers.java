package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.StackModel;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/* * x-transformers' {@code Encoder}, {@code Decoder} or {@code CrossAttender} as a stand-alone model.
 * Immutable.
 * @see StackModel the inputs and outputs
 */
public record AttentionLayers(AttentionLayersConfig config) implements XTransformersArchitecture {
  @Override
  public String className() {
    return config.layersClass().toString();
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public GraphFactory graphs() {
    return new StackModel(className(), MatrixOrder.OUTPUTS_FIRST, config.plan());
  }
}
