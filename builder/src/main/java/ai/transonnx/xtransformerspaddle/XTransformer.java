package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.EncoderDecoderModel;
import java.util.Set;

/**
 * The port's {@code XTransformer}: an encoder, and a decoder that attends to its output.
 *
 * @see EncoderDecoderModel the inputs and outputs
 */
public record XTransformer(XTransformerConfig config) implements Architecture {
  private static final int IGNORED = -100; // targets that do not count in the loss

  @Override
  public String className() {
    return "XTransformer";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS_PADDLE;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return model().isIncremental(request);
  }

  @Override
  public Set<String> unneeded(GraphRequest request) {
    return model().unneeded(request);
  }

  @Override
  public Model build(GraphRequest request) {
    return model().build(request);
  }

  private EncoderDecoderModel model() {
    return new EncoderDecoderModel(
        className(),
        MatrixOrder.INPUTS_FIRST,
        config.encoder().plan(),
        config.decoder().plan(),
        config.tieTokenEmb(),
        true,
        IGNORED);
  }
}
