package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a graph: the main graph, a branch, or the body of a function.
 *
 * <p>A branch may use the values of the enclosing graph. Constants and parameters that a branch
 * uses belong to the main graph; constants of a function are nodes of its body, since ONNX
 * functions have no initializers.
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

  /** A builder of a branch for a node of this graph. */
  public GraphBuilder branch() {
    return new GraphBuilder(Kind.BRANCH, model, this, names);
  }

  /** The version of ONNX's operator set. */
  public int opset() {
    return model.dialect().opset();
  }

  /** The runtime that the graph is built for; in float64 always {@link Target#FLOAT64_KERNELS}. */
  public Target target() {
    return model.dialect().precision() == Precision.FLOAT64
        ? Target.FLOAT64_KERNELS
        : model.dialect().target();
  }

  /**
   * The precision of matrix products; in the body of a function, float64 in a float64 model and
   * float32 in all others.
   */
  public Precision precision() {
    var precision = model.dialect().precision();
    boolean isNarrow = precision != Precision.FLOAT64 && home().kind == Kind.FUNCTION;
    return isNarrow ? Precision.FLOAT32 : precision;
  }

  /** The type of the KV cache; empty if it is that of the precision. */
  public Optional<CacheType> cacheType() {
    return model.dialect().cacheType();
  }

  /** A fresh symbol for a size that cannot be inferred, equal only to itself. */
  public Dim unknownDim() {
    return model.unknownDim();
  }

  /**
   * An input of the graph or function.
   *
   * @throws GraphException if the name is already used
   */
  public Value input(String name, TensorType type) {
    names.reserve(name);
    var value = new Value(this, name, type);
    inputs.add(value);
    return value;
  }

  /** An input of a branch; its name is made unique. */
  public Value formal(String name, TensorType type) {
    var value = new Value(this, names.allocate(name), type);
    inputs.add(value);
    return value;
  }

  /**
   * Starts a node; {@link NodeBuilder#output(TensorType)} or {@link NodeBuilder#outputs} finishes
   * it.
   *
   * @param path the path of the module, which starts the node's name
   * @param domain the operator's domain, empty for ONNX's own operators
   * @param operator the operator's name
   */
  public NodeBuilder operation(String path, String domain, String operator) {
    return new NodeBuilder(this, path, domain, operator);
  }

  /** A constant. Equal tensors are stored once, and constants that no node uses are omitted. */
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
   * A weight. Tied weights declare the same parameter several times; it is stored once, in the type
   * of the first declaration, and cast for a declaration of another type.
   *
   * @param path the path of the module that uses the weight
   * @throws GraphException in a function, or if another parameter has this name
   */
  public Value parameter(String path, Parameter parameter) {
    var home = home();
    if (home.kind == Kind.FUNCTION) {
      throw new GraphException(
          parameter.name() + ": a function cannot have parameters; pass the weight as an input");
    }
    var value = home.initializers.parameter(parameter, home::newParameter);
    return cast(path, value, parameter.elements());
  }

  private Value newParameter(Parameter parameter) {
    names.reserve(parameter.name());
    var type = new TensorType(parameter.elements(), parameter.shape());
    return new Value(this, parameter.name(), type);
  }

  /** Calls a model-local function, which is added to the model on its first call. */
  public List<Value> call(String path, FunctionTemplate template, List<Value> actual) {
    return model.function(template).call(this, path, actual);
  }

  /** In a function's body: the value of an attribute of the call, as a scalar. */
  public Value attribute(String name, ElementType elements) {
    if (home().kind != Kind.FUNCTION) {
      throw new GraphException(
          "attribute '" + name + "' can only be read in the body of a function");
    }
    var operation = operation("", "", "Constant").first();
    switch (elements) {
      case FLOAT32 ->
          operation.attribute("value_float", new Attribute.Reference(name, new Attribute.Real(0)));
      case FLOAT64 ->
          operation.attribute(
              "value",
              new Attribute.Reference(
                  name, new Attribute.Constant(Tensor.scalar(ElementType.FLOAT64, 0))));
      case INT64 ->
          operation.attribute("value_int", new Attribute.Reference(name, new Attribute.Int(0)));
      default ->
          throw new GraphException(
              "attribute '%s' cannot have type %s; expected float32, float64 or int64"
                  .formatted(name, elements));
    }
    return operation.output(new TensorType(elements, Shape.SCALAR));
  }

  /**
   * A value that several parts of a graph use.
   *
   * @param key identifies the value
   * @param first computes the value if neither this graph nor an enclosing one has it
   */
  public Value shared(Object key, Supplier<Value> first) {
    return made.of(key, () -> List.of(first.get())).get(0);
  }

  /**
   * Casts a value to another element type. Equal casts share one node, and casting a widened value
   * back to its original type returns the original value.
   *
   * @param path the path of the module that uses the result
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

  /**
   * A copy of a value.
   *
   * @param name the name of the node and its output, made unique
   */
  public Value copy(String name, Value value) {
    return operation("", "", "Identity").labelled(name).input(value).output(value.type());
  }

  private GraphBuilder home() {
    return parent == null ? this : parent.home();
  }

  /** Whether this graph produces a value, rather than an enclosing graph. */
  public boolean makes(Value value) {
    return value.owner() == this;
  }

  boolean sees(Value value) {
    return makes(value) || (parent != null && parent.sees(value));
  }

  /**
   * Nodes that compute the same outputs from the same operands are created once. A constant node
   * has no operands that could identify it; the initializers already store equal tensors once.
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
   * A value of this graph under a fixed name: the value itself, renamed, so that a runtime copies
   * nothing; or a copy if the value's name is already fixed.
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

  /** The nodes added so far, as a graph with these outputs. */
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
