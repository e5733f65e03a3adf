package ai.transonnx.graph;

import java.util.List;
import java.util.SortedMap;

/**
 * An operator of this project: its signature, and the standard operators that compute it.
 *
 * <p>Templates that are equal share one function of the model. Shapes of formal inputs name their
 * dimensions; a call binds these names, and an integer attribute binds the dimension of its name.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface FunctionTemplate {
  /** The operator's name in the domain {@link Model#DOMAIN}. */
  String name();

  /** What a reader of the file should know: inputs, outputs, attributes, shapes, formula. */
  String documentation();

  /** The attributes of each call. */
  SortedMap<String, Attribute> attributes();

  List<Formal> inputs();

  List<String> outputs();

  /** Writes the body and returns the outputs, in order. */
  List<Value> body(GraphBuilder body, List<Value> inputs);

  /** A formal input. */
  record Formal(String name, TensorType type) {}
}
