package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.Model;
import java.util.Set;

/** A configured class of x-transformers, of any release: its options make a plan of graphs. */
public interface XTransformersArchitecture extends Architecture {
  /** The graphs that the configuration plans. */
  GraphFactory graphs();

  @Override
  default boolean isIncremental(GraphRequest request) {
    return graphs().isIncremental(BuildContext.of(request));
  }

  @Override
  default Set<String> unusedWeights(GraphRequest request) {
    return graphs().unusedWeights(BuildContext.of(request));
  }

  @Override
  default Model build(GraphRequest request) {
    return graphs().build(BuildContext.of(request));
  }
}
