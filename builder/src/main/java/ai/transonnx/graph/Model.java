package ai.transonnx.graph;

import ai.transonnx.format.StateTensor;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of an ONNX file, except the values of the weights.
 *
 * <p>Immutable; threads may share it.
 *
 * @param graph the main graph
 * @param opset the version of ONNX's operator set
 * @param functions the model-local functions that the graph calls
 * @param state the state tensors
 * @param properties entries of the metadata, by {@link ai.transonnx.format.MetadataKey#key}
 */
public record Model(
    Graph graph,
    int opset,
    List<Function> functions,
    List<StateTensor> state,
    SortedMap<String, String> properties) {
  /** The domain of the model-local functions. */
  public static final String DOMAIN = "ai.transonnx";

  public Model {
    functions = List.copyOf(functions);
    state = List.copyOf(state);
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }

  /** This model with another main graph. */
  public Model withGraph(Graph other) {
    return new Model(other, opset, functions, state, properties);
  }
}
