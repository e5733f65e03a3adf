package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Nodes under construction: of the main graph, of a branch, or of a function.
 *
 * <p>A branch sees the values of the body around it. Constants and parameters of a branch are kept
 * by the main graph; those of a function are nodes of it, as ONNX has it.
 *
 * <p>Not thread-safe.
 */
public final class GraphBuilder {
  private enum Kind {
    GRAPH,
    BRANCH,
    FUNCTION
  }

  private final Kind kind;
  private final ModelBuilder model;
  private final @Nullable GraphBuilder parent;
  private final Names names;
  private final List<Value> inputs = new ArrayList<>();
  private final List<PendingNode> drafts = new ArrayList<>();
  private final Initializers initializers = new Initializers();
  private final NodeCache made;

  private GraphBuilder(Kind kind, ModelBuilder model, @Nullable GraphBuilder parent, Names names) {
    this.kind = kind;
    this.model = model;
    this.parent = parent;
    this.names = names;
    this.made = new NodeCache(parent == null ? null : parent.made);
  }

  static GraphBuilder graph(ModelBuilder model) {
    return new GraphBuilder(Kind.GRAPH, model, null, new Names());
  }

  static GraphBuilder function(ModelBuilder model) {
    return new GraphBuilder(Kind.FUNCTION, model, null, new Names());
  }

  /** A body whose nodes become a branch of a node of this one. */
  public GraphBuilder branch() {
    return new GraphBuilder(Kind.BRANCH, model, this, names);
  }

  /** The version of ONNX's operators that the nodes are written for. */
  public int opset() {
    return model.dialect().opset();
  }

  /** What the nodes are made to run on. */
  public Target target() {
    return model.dialect().target();
  }

  /** What products compute in; an operator of ours has a body of float32 in every model. */
  public Precision precision() {
    return home().kind == Kind.FUNCTION ? Precision.FLOAT32 : model.dialect().precision();
  }

  /** A dimension that equals no other. */
  public Dim unknownDim() {
    return model.unknownDim();
  }

  /**
   * An input of the graph or function.
   *
   * @throws GraphException if the name is taken
   */
  public Value input(String name, TensorType type) {
    names.reserve(name);
    var value = new Value(this, name, type);
    inputs.add(value);
    return value;
  }

  /** An input of a branch, whose name is made unique. */
  public Value formal(String name, TensorType type) {
    var value = new Value(this, names.allocate(name), type);
    inputs.add(value);
    return value;
  }

  /** Starts a node; {@link NodeBuilder#output} and its kin finish it. */
  public NodeBuilder operation(String path, String domain, String operator) {
    return new NodeBuilder(this, path, domain, operator);
  }

  /** A constant; equal tensors are kept once, and what no node takes is left out. */
  public Value constant(Tensor tensor) {
    var home = home();
    return home.initializers.constant(tensor, home::newConstant);
  }

  private Value newConstant(Tensor tensor) {
    return kind == Kind.FUNCTION
        ? operation("", "", "Constant")
            .attribute("value", new Attribute.Constant(tensor))
            .first()
            .output(tensor.type())
        : Value.ofConstant(this, names.allocate("constant"), tensor);
  }

  /**
   * A weight. The same parameter can be asked for again, for weights that are tied; as another type
   * it is a cast of the first.
   *
   * @param path of the module that asks for it
   * @throws GraphException in a function, or if another parameter has this name
   */
  public Value parameter(String path, Parameter parameter) {
    var home = home();
    if (home.kind == Kind.FUNCTION) {
      throw new GraphException(
          parameter.name() + ": a function has no parameters; make it an input");
    }
    var value = home.initializers.parameter(parameter, home::newParameter);
    return cast(path, value, parameter.elements());
  }

  private Value newParameter(Parameter parameter) {
    names.reserve(parameter.name());
    var type = new TensorType(parameter.elements(), parameter.shape());
    return new Value(this, parameter.name(), type);
  }

  /** Calls an operator of ours, whose body is written once a model. */
  public List<Value> call(String path, FunctionTemplate template, List<Value> actual) {
    return model.function(template).call(this, path, actual);
  }

  /** In a function: the value of an attribute of the call, as a scalar. */
  public Value attribute(String name, ElementType elements) {
    if (home().kind != Kind.FUNCTION) {
      throw new GraphException("attribute '" + name + "' is asked for outside of a function");
    }
    var operation = operation("", "", "Constant").first();
    switch (elements) {
      case FLOAT32 ->
          operation.attribute("value_float", new Attribute.Reference(name, new Attribute.Real(0)));
      case INT64 ->
          operation.attribute("value_int", new Attribute.Reference(name, new Attribute.Int(0)));
      default -> throw new GraphException("an attribute is not of type " + elements);
    }
    return operation.output(new TensorType(elements, Shape.SCALAR));
  }

  /**
   * A value that parts of a body have in common.
   *
   * @param key of what it is
   * @param first makes it, where neither this body nor one around it has it yet
   */
  public Value shared(Object key, Supplier<Value> first) {
    return made.of(key, () -> List.of(first.get())).get(0);
  }

  /**
   * A value with elements of another type. Equal casts are made once, and what was widened is
   * narrowed to what it was.
   *
   * @param path of the module that asks for it
   */
  public Value cast(String path, Value value, ElementType to) {
    if (value.elements() == to) {
      return value;
    }
    var narrow = value.widenedFrom();
    return narrow != null && narrow.elements() == to
        ? narrow
        : operation(path, "", "Cast")
            .input(value)
            .attribute("to", to.onnxNumber())
            .output(to, value.shape())
            .asCastOf(value);
  }

  private GraphBuilder home() {
    return parent == null ? this : parent.home();
  }

  /** Whether a value is made here, and not by a body around this one. */
  public boolean makes(Value value) {
    return value.owner() == this;
  }

  boolean sees(Value value) {
    return makes(value) || (parent != null && parent.sees(value));
  }

  /**
   * What makes the same outputs of the same operands is made once. A constant has no operands to
   * tell it by, and is kept by its tensor already.
   */
  List<Value> append(NodeBuilder operation, List<TensorType> outputs) {
    return operation.isFirst()
        ? appendNew(operation, outputs)
        : made.of(new NodeKey(operation, outputs), () -> appendNew(operation, outputs));
  }

  private List<Value> appendNew(NodeBuilder operation, List<TensorType> outputs) {
    String name = names.allocate(operation.label());
    var values = new ArrayList<Value>();
    for (int i = 0; i < outputs.size(); i++) {
      String valueName = outputs.size() == 1 ? name : names.allocate(name + "." + i);
      values.add(Value.ofNode(this, valueName, outputs.get(i)));
    }
    var draft = PendingNode.of(name, operation, values);
    if (operation.isFirst()) {
      drafts.add(0, draft);
    } else {
      drafts.add(draft);
    }
    return values;
  }

  /**
   * This body's value under a name that a caller can rely on: the value itself, so that a runtime
   * copies nothing, or a copy if the value has such a name already.
   */
  Value named(String name, Value value) {
    if (value.owner() == this && value.rename(name)) {
      names.reserve(name);
      return value;
    }
    return operation("", "", "Identity").input(value).outputNamed(name, value.type());
  }

  Value appendNamed(NodeBuilder operation, String name, TensorType type) {
    names.reserve(name);
    var value = new Value(this, name, type);
    drafts.add(PendingNode.of(names.allocate(operation.label()), operation, List.of(value)));
    return value;
  }

  /** The nodes so far as a graph with these outputs. */
  public Graph finish(String name, List<Value> outputs) {
    for (var output : outputs) {
      if (!sees(output)) {
        throw new GraphException("output " + output + " belongs to another graph");
      }
    }
    if (kind == Kind.BRANCH) {
      drafts.forEach(PendingNode::keepNames);
      outputs.forEach(Value::keepName);
    }
    return new Graph(
        name,
        inputs,
        outputs,
        nodes(),
        kind == Kind.GRAPH ? initializers.constants() : List.of(),
        initializers.parameters());
  }

  List<Value> inputs() {
    return inputs;
  }

  List<Node> nodes() {
    return drafts.stream().map(PendingNode::finish).toList();
  }
}
