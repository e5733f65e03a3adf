package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.graph.Model;
import java.util.Set;

/** A configured class of one of the libraries: everything but the weights. */
public interface Architecture {
  /** The class's name in the library. */
  String className();

  /** The library that it is of. */
  Library library();

  /**
   * Builds the graph of one use of the class.
   *
   * @throws InputException if the class has no such inputs or outputs, or not together
   */
  Model build(GraphRequest request);

  /** Whether the graph of a request can also be had with state. */
  boolean isIncremental(GraphRequest request);

  /** The graph with which the library's own generation can be followed. */
  default GraphRequest generation() {
    return GraphRequest.main();
  }

  /** Names of tensors that a checkpoint of the class may have and no graph needs. */
  default Set<String> unneeded() {
    return Set.of();
  }
}
