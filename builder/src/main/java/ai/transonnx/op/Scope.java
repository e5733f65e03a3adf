package ai.transonnx.op;

import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.Body;
import ai.transonnx.graph.Derivation;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.FunctionTemplate;
import ai.transonnx.graph.Operation;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A place in the tree of modules: where its nodes are put, and the path that names them and the
 * weights.
 *
 * <p>A scope goes down explicitly, as PyTorch's modules do:
 *
 * <pre>{@code
 * var ff = scope.child("net").child(0).child("fn");   // net.0.fn
 * var w = ff.child("to_gate").parameter("weight", d, d); // net.0.fn.to_gate.weight
 * var y = ff.add(x, bias);                            // a node net.0.fn/Add
 * }</pre>
 */
public final class Scope
    implements Arithmetic,
        Activations,
        Attentions,
        Comparisons,
        Conversions,
        Layout,
        Products,
        Reductions,
        Selection,
        Sizes {
  private final Body body;
  private final String path;
  private final MatrixOrder order;

  private Scope(Body body, String path, MatrixOrder order) {
    this.body = body;
    this.path = path;
    this.order = order;
  }

  /** The scope of a whole body; its path is empty, and its weights lie as PyTorch has them. */
  public static Scope of(Body body) {
    return of(body, MatrixOrder.OUTPUTS_FIRST);
  }

  /** The scope of a whole body whose linear layers' weights are stored in this order. */
  public static Scope of(Body body, MatrixOrder order) {
    return new Scope(body, "", order);
  }

  public Scope child(String name) {
    return new Scope(body, path.isEmpty() ? name : path + "." + name, order);
  }

  public Scope child(int index) {
    return child(Integer.toString(index));
  }

  /** The checkpoint's name for something of this scope. */
  private String name(String leaf) {
    return child(leaf).path;
  }

  /**
   * A weight that is stored under this name and is float32 in the graph.
   *
   * @param sizes the shape that it must have in the checkpoint
   */
  public Value parameter(String name, long... sizes) {
    return parameter(stored(name, sizes));
  }

  /**
   * A weight that a checkpoint may lack, since it is not trained.
   *
   * @param absent its values then, of its shape
   */
  public Value parameter(String name, Tensor absent) {
    return parameter(new Derivation.Stored(name(name), absent.type().shape(), Optional.of(absent)));
  }

  /** A weight that is made of stored ones; its name says how. */
  public Value parameter(Derivation source) {
    return body.parameter(new Parameter(source.describe(), ElementType.FLOAT32, source));
  }

  /**
   * The weight of a linear layer, to derive from, whichever way the checkpoint has it.
   *
   * @return {@code [out, in]}
   */
  public Derivation storedMatrix(String name, long out, long in) {
    return order == MatrixOrder.OUTPUTS_FIRST
        ? stored(name, out, in)
        : stored(name, in, out).transposed();
  }

  /** A tensor of the checkpoint, to derive weights from. */
  public Derivation stored(String name, long... sizes) {
    return new Derivation.Stored(name(name), Shape.of(sizes));
  }

  @Override
  public Operation operation(String operator) {
    return body.operation(path, "", operator);
  }

  @Override
  public Operation runtimeOperation(String operator) {
    if (body.target() != Target.ONNXRUNTIME) {
      throw operation(operator).error("a portable graph has no operators of ONNX Runtime's own");
    }
    return body.operation(path, "com.microsoft", operator);
  }

  /** What the nodes are made to run on. */
  public Target target() {
    return body.target();
  }

  @Override
  public Value constant(Tensor tensor) {
    return body.constant(tensor);
  }

  /** In a function: the value of an attribute of the call, as a scalar. */
  public Value attribute(String name, ElementType elements) {
    return body.attribute(name, elements);
  }

  /** Calls an operator of this project. */
  public List<Value> call(FunctionTemplate template, Value... inputs) {
    return body.call(path, template, List.of(inputs));
  }

  /**
   * A value that several parts of a graph need: made where it is needed first.
   *
   * @param key of what it is
   */
  public Value shared(Object key, Supplier<Value> first) {
    return body.shared(key, first);
  }

  /** A dimension that equals no other: the outcome of a computation. */
  public Dim unknownDim() {
    return body.unknownDim();
  }

  /**
   * One of two computations.
   *
   * @param condition bool {@code []} or {@code [1]}
   * @param results the types of the results whichever branch runs
   */
  public List<Value> choose(
      Value condition,
      List<TensorType> results,
      Function<Scope, List<Value>> then,
      Function<Scope, List<Value>> otherwise) {
    var operation = operation("If").input(condition);
    Checks.elements(operation, condition, ElementType.BOOL);
    return operation
        .attribute("then_branch", branch(operation, "then", results, then))
        .attribute("else_branch", branch(operation, "else", results, otherwise))
        .outputs(results);
  }

  /**
   * Repeats a computation.
   *
   * @param count how often: int64 {@code []}
   * @param first what the first repetition is given
   * @param types of what a repetition is given and makes; a size that changes is unknown
   * @param body makes what the next repetition is given
   * @return what the last repetition made, or {@code first} if there was none
   */
  public List<Value> repeat(
      Value count,
      List<Value> first,
      List<TensorType> types,
      BiFunction<Scope, List<Value>, List<Value>> body) {
    var always = cast(scalar(1L), ElementType.BOOL); // []
    var operation = operation("Loop").inputs(count, always);
    Checks.elements(operation, count, ElementType.INT64);
    first.forEach(operation::input);
    var branch = this.body.branch();
    branch.formal("step", new TensorType(ElementType.INT64, Shape.SCALAR));
    var going = branch.formal("going", new TensorType(ElementType.BOOL, Shape.SCALAR));
    var carried = types.stream().map(type -> branch.formal("carried", type)).toList();
    var inner = new Scope(branch, path, order);
    var outputs = new ArrayList<Value>();
    outputs.add(inner.copy(going));
    outputs.addAll(body.apply(inner, carried));
    if (outputs.size() != types.size() + 1 || first.size() != types.size()) {
      throw operation.error("a repetition takes and makes %d values".formatted(types.size()));
    }
    return operation
        .attribute("body", new Attribute.Branch(branch.finish("body", outputs)))
        .outputs(types);
  }

  private Attribute branch(
      Operation operation,
      String name,
      List<TensorType> results,
      Function<Scope, List<Value>> content) {
    var branch = body.branch();
    var outputs = content.apply(new Scope(branch, path, order));
    boolean fits = outputs.size() == results.size();
    for (int i = 0; fits && i < outputs.size(); i++) {
      fits =
          outputs.get(i).elements() == results.get(i).elements()
              && outputs.get(i).rank() == results.get(i).shape().rank();
    }
    if (!fits) {
      throw operation.error("branch '%s' makes %s, not %s".formatted(name, outputs, results));
    }
    return new Attribute.Branch(branch.finish(name, outputs));
  }
}
