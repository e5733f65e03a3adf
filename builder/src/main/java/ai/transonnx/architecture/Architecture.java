package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.config.ConfigWriter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A configured class of a library: everything but the weights. Implement it to export an
 * architecture of your own; nothing has to be registered.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface Architecture {
  /** The name of the class in the library. */
  String className();

  /** The library of the class; {@link Library#custom} for your own. */
  Library library();

  /**
   * The keyword arguments of the constructor: a public record. Its components may be strings,
   * numbers, booleans, enums, lists, optionals and records; annotations are not necessary.
   */
  Record config();

  /** The class and the configuration as JSON, including all defaults; keys are in snake case. */
  default JsonNode configuration() {
    return ConfigWriter.write(className(), config());
  }

  /**
   * Builds the graph of a request.
   *
   * @throws InputException if the class does not have the requested inputs or outputs, or does not
   *     support their combination
   */
  Model build(GraphRequest request);

  /** Whether the graph of a request can be incremental as well: with its past as state. */
  boolean isIncremental(GraphRequest request);

  /** The request whose graph reproduces the library's own generation. */
  default GraphRequest generation() {
    return GraphRequest.main();
  }

  /**
   * Names of tensors that a checkpoint of the class may contain and the graph does not use; {@code
   * *} in a name matches any characters. Any other unused tensor is an error of an export.
   */
  default Set<String> unusedWeights(GraphRequest request) {
    return Set.of();
  }

  /**
   * The other names of tensors that several modules of the class share, by the name that the graph
   * uses. A checkpoint may have such a tensor under any one of its names, since some savers write
   * it once.
   */
  default Map<String, List<String>> sharedWeights() {
    return Map.of();
  }
}
