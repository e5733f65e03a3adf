package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.StackModel;
import ai.transonnx.op.MatrixOrder;
import java.util.Set;

/**
 * x-transformers' {@code Encoder}, {@code Decoder} or {@code CrossAttender} as a stand-alone model.
 * Immutable.
 *
 * @see StackModel the inputs and outputs
 */
public record AttentionLayers(AttentionLayersConfig config) implements Architecture {
  @Override
  public String className() {
    return config.layersClass().toString();
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
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

  private GraphFactory graphs() {
    return new StackModel(className(), MatrixOrder.OUTPUTS_FIRST, config.plan());
  }
}
