package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds a node: add operands and attributes, then declare the outputs, which finishes it.
 *
 * <p>Not thread-safe.
 */
public final class NodeBuilder {
  private final GraphBuilder body;
  private final String path;
  private final String domain;
  private final String operator;
  private final List<@Nullable Value> inputs = new ArrayList<>();
  private final SortedMap<String, Attribute> attributes = new TreeMap<>();
  private boolean first;
  private @Nullable String label;

  NodeBuilder(GraphBuilder body, String path, String domain, String operator) {
    this.body = body;
    this.path = path;
    this.domain = domain;
    this.operator = operator;
  }

  /**
   * Adds an operand.
   *
   * @throws GraphException if it belongs to another graph
   */
  public NodeBuilder input(Value value) {
    if (!body.sees(value)) {
      throw error("operand " + value + " belongs to another graph");
    }
    value.takeAsOperand();
    inputs.add(value);
    return this;
  }

  /** Adds operands, in order. */
  public NodeBuilder inputs(Value... values) {
    for (var value : values) {
      input(value);
    }
    return this;
  }

  /** Omits an optional operand. */
  public NodeBuilder omitted() {
    inputs.add(null);
    return this;
  }

  /** Sets an integer attribute. */
  public NodeBuilder attribute(String name, long value) {
    return attribute(name, new Attribute.Int(value));
  }

  /** Sets a float attribute. */
  public NodeBuilder attribute(String name, float value) {
    return attribute(name, new Attribute.Real(value));
  }

  /** Sets a string attribute. */
  public NodeBuilder attribute(String name, String value) {
    return attribute(name, new Attribute.Text(value));
  }

  /** Sets an attribute. */
  public NodeBuilder attribute(String name, Attribute value) {
    attributes.put(name, value);
    return this;
  }

  /** Inserts the node before all others of its graph; only for nodes without operands. */
  NodeBuilder first() {
    first = true;
    return this;
  }

  /** Finishes a node that has one output. */
  public Value output(ElementType elements, Shape shape) {
    return output(new TensorType(elements, shape));
  }

  /** Finishes a node that has one output. */
  public Value output(TensorType type) {
    return body.append(this, List.of(type)).get(0);
  }

  /** Finishes a node that has several outputs. */
  public List<Value> outputs(List<TensorType> types) {
    return body.append(this, types);
  }

  Value outputNamed(String name, TensorType type) {
    return body.appendNamed(this, name, type);
  }

  /**
   * An exception for a problem with this node; its message starts with the path of the module that
   * the node is created for.
   */
  public GraphException error(String problem) {
    return new GraphException(label() + ": " + problem);
  }

  /** The version of ONNX's operator set. */
  public int opset() {
    return body.opset();
  }

  /** The runtime that the graph is built for. */
  public Target target() {
    return body.target();
  }

  /** A fresh symbol for a size that cannot be inferred, equal only to itself. */
  public Dim unknownDim() {
    return body.unknownDim();
  }

  /** Gives the node another name than that of its module and operator. */
  NodeBuilder labelled(String name) {
    label = name;
    return this;
  }

  String label() {
    if (label != null) {
      return label;
    }
    return path.isEmpty() ? operator : path + "/" + operator;
  }

  String domain() {
    return domain;
  }

  String operator() {
    return operator;
  }

  List<@Nullable Value> inputs() {
    return inputs;
  }

  SortedMap<String, Attribute> attributes() {
    return attributes;
  }

  boolean isFirst() {
    return first;
  }
}
