package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.EncoderDecoderModel;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/* * x-transformers' {@code XTransformer}: an encoder, and a decoder that attends to its output.
 * Immutable.
 *
 * @see EncoderDecoderModel the inputs and outputs
 */
public record XTransformer(XTransformerConfig config) implements XTransformersArchitecture {
  @Override
  public String className() {
    return "XTransformer";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public GraphFactory graphs() {
    return new EncoderDecoderModel(
        className(),
        MatrixOrder.OUTPUTS_FIRST,
        config.encoder().plan(),
        config.decoder().plan(),
        config.tieTokenEmb(),
        false,
        config.ignoreIndex());
  }
}
