package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.xtransformers.EncoderDecoderModel;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.XTransformersArchitecture;
import ai.transonnx.op.MatrixOrder;

/* * x-transformers-paddle's {@code XTransformer}: an encoder, and a decoder that attends to its
 * output. Immutable.
 *
 * @see EncoderDecoderModel the inputs and outputs
 */
public record XTransformer(XTransformerConfig config) implements XTransformersArchitecture {
  private static final int IGNORE_INDEX = -100; // the target value that the loss ignores

  @Override
  public String className() {
    return "XTransformer";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public GraphFactory graphs() {
    return new EncoderDecoderModel(
        className(),
        MatrixOrder.INPUTS_FIRST,
        config.encoder().plan(),
        config.decoder().plan(),
        config.tieTokenEmb(),
        true,
        IGNORE_INDEX);
  }
}
