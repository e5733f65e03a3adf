package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Library;
import ai.transonnx.op.MatrixOrder;

/**
 * x-transformers' {@code XTransformer}: an encoder, and a decoder that attends to its output.
 *
 * @see EncoderDecoderModel the inputs and outputs
 */
public record XTransformer(XTransformerConfig config) implements PlannedClass {
  @Override
  public String className() {
    return "XTransformer";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public ClassGraphs graphs() {
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
