package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.config.ConfigWriter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** A configured class of one of the libraries: everything but the weights. */
public interface Architecture {
  /** The class's name in the library. */
  String className();

  /** The library that it is of. */
  Library library();

  /** The constructor's keyword arguments. */
  Record config();

  /** The same as JSON, with its class and all defaults written out. */
  default JsonNode configuration() {
    return ConfigWriter.write(className(), config());
  }

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

  /**
   * Names of tensors that a checkpoint of the class may have and the request's graph does not need;
   * {@code *} in a name stands for any characters.
   */
  default Set<String> unusedWeights(GraphRequest request) {
    return Set.of();
  }
}
