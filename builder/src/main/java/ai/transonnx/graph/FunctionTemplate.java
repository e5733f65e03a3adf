package ai.transonnx.graph;

import java.util.List;
import java.util.SortedMap;

/**
 * The template of a model-local function: its signature, and a body of standard operators.
 *
 * <p>Equal templates share one function of the model. The shapes of formal inputs use symbolic
 * dimensions. A call binds each symbol to the size of the actual input's dimension; an integer
 * attribute binds the symbol of the same name.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface FunctionTemplate {
  /** The function's name in the domain {@link Model#DOMAIN}. */
  String name();

  /**
   * The documentation that is written into the file: inputs, outputs, attributes, shapes and
   * formula.
   */
  String documentation();

  /** The attributes that each call sets. In a float64 model, floats are float64 scalar tensors. */
  SortedMap<String, Attribute> attributes();

  /** The formal inputs, in order. In a float64 model, float32 inputs are float64. */
  List<Formal> inputs();

  /** The names of the outputs, in order. */
  List<String> outputs();

  /** Builds the body and returns the outputs, in order. */
  List<Value> body(GraphBuilder body, List<Value> inputs);

  /** A formal input. */
  record Formal(String name, TensorType type) {}
}
