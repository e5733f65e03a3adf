package ai.transonnx.xtransformerspaddle;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.xtransformers.EncoderDecoderModel;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.op.MatrixOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * x-transformers-paddle's {@code XTransformer}: an encoder, and a decoder that attends to its
 * output. Immutable.
 *
 * @see EncoderDecoderModel the inputs and outputs
 */
public record XTransformer(XTransformerConfig config) implements Architecture {
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
  public Model build(GraphRequest request) {
    return graphs().build(BuildContext.of(request));
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return graphs().isIncremental(BuildContext.of(request));
  }

  @Override
  public Set<String> unusedWeights(GraphRequest request) {
    return graphs().unusedWeights(BuildContext.of(request));
  }

  @Override
  public Map<String, List<String>> sharedWeights() {
    return graphs().sharedWeights();
  }

  private GraphFactory graphs() {
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
