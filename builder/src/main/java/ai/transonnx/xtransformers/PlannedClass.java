package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.Model;
import java.util.Set;

/** A configured class of x-transformers, of any release: its options make a plan of graphs. */
public interface PlannedClass extends Architecture {
  /** The graphs that the configuration plans. */
  ClassGraphs graphs();

  @Override
  default boolean isIncremental(GraphRequest request) {
    return graphs().isIncremental(request);
  }

  @Override
  default Set<String> unneeded(GraphRequest request) {
    return graphs().unneeded(request);
  }

  @Override
  default Model build(GraphRequest request) {
    return graphs().build(request);
  }
}
