package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.FunctionTemplate;
import ai.transonnx.graph.GraphBuilder;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
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
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class Scope
    implements Arithmetic,
        Activations,
        Attentions,
        Comparisons,
        Layout,
        MatrixOps,
        Reductions,
        Rotations,
        Indexing,
        Sizes {
  private final GraphBuilder body;
  private final String path;
  private final MatrixOrder order;
  private final ElementType computeType;

  private Scope(GraphBuilder body, String path, MatrixOrder order, ElementType computeType) {
    this.body = body;
    this.path = path;
    this.order = order;
    this.computeType = computeType;
  }

  /** The scope of a whole body; its path is empty, and its weights lie as PyTorch has them. */
  public static Scope of(GraphBuilder body) {
    return of(body, MatrixOrder.OUTPUTS_FIRST);
  }

  /** The scope of a whole body whose linear layers' weights are stored in this order. */
  public static Scope of(GraphBuilder body, MatrixOrder order) {
    return new Scope(body, "", order, body.precision().computeType());
  }

  public Scope child(String name) {
    return new Scope(body, path.isEmpty() ? name : path + "." + name, order, computeType);
  }

  /**
   * This place, where computeType compute in float32 whatever the model's precision. Their weights
   * are stored in it even so.
   */
  public Scope inFloat32() {
    return new Scope(body, path, order, ElementType.FLOAT32);
  }

  /**
   * This place, where numbers outgrow float16: computeType that would compute in it use float32.
   */
  public Scope beyondFloat16() {
    return computeType == ElementType.FLOAT16 ? inFloat32() : this;
  }

  public Scope child(int index) {
    return child(Integer.toString(index));
  }

  /** The checkpoint's name for something of this scope. */
  private String name(String leaf) {
    return child(leaf).path;
  }

  /**
   * A weight that is stored under this name and is float32 in every graph.
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
    return parameter(
        new WeightExpression.Stored(name(name), absent.type().shape(), Optional.of(absent)));
  }

  /** A weight that is made of stored ones and float32 in every graph; its name says how. */
  public Value parameter(WeightExpression source) {
    return parameter(source, ElementType.FLOAT32);
  }

  /**
   * A weight of a product, or a table of vectors, that is stored under this name: stored in the
   * model's precision.
   *
   * @param sizes the shape that it must have in the checkpoint
   */
  public Value matrix(String name, long... sizes) {
    return matrix(stored(name, sizes));
  }

  /** A weight of a product, or a table of vectors, that is made of stored ones. */
  public Value matrix(WeightExpression source) {
    return parameter(source, body.precision().computeType());
  }

  private Value parameter(WeightExpression source, ElementType elements) {
    return body.parameter(path, new Parameter(source.describe(), elements, source));
  }

  /**
   * The weight of a linear layer, to derive from, whichever way the checkpoint has it.
   *
   * @return {@code [out, in]}
   */
  public WeightExpression storedMatrix(String name, long out, long in) {
    return order == MatrixOrder.OUTPUTS_FIRST
        ? stored(name, out, in)
        : stored(name, in, out).transposed();
  }

  /** A tensor of the checkpoint, to derive weights from. */
  public WeightExpression stored(String name, long... sizes) {
    return new WeightExpression.Stored(name(name), Shape.of(sizes));
  }

  @Override
  public NodeBuilder operation(String operator) {
    return body.operation(path, "", operator);
  }

  @Override
  public NodeBuilder runtimeOperation(String operator) {
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

  @Override
  public ElementType computeType() {
    return computeType;
  }

  @Override
  public Value cast(Value x, ElementType to) {
    return body.cast(path, x, to);
  }

  @Override
  public Optional<Value> narrowedConstant(Value x, ElementType type) {
    return x.narrowed(type).map(this::constant);
  }

  /** In a function: the value of an attribute of the call, as a scalar. */
  public Value attribute(String name, ElementType elements) {
    return body.attribute(name, elements);
  }

  /** Calls an operator of this project. */
  public List<Value> call(FunctionTemplate template, Value... inputs) {
    return body.call(path, template, List.of(inputs));
  }

  @Override
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
   * @param results the types of the results whichever branch runs; floats of another are cast
   */
  public List<Value> ifElse(
      Value condition,
      List<TensorType> results,
      Function<Scope, List<Value>> then,
      Function<Scope, List<Value>> otherwise) {
    return new ControlFlow(this).ifElse(condition, results, then, otherwise);
  }

  /**
   * Repeats a computation.
   *
   * @param count how often: int64 {@code []}
   * @param first what the first repetition is given
   * @param types of what a repetition is given and makes; a size that changes is unknown, and
   *     floats of another type are cast
   * @param body makes what the next repetition is given
   * @return what the last repetition made, or {@code first} if there was none
   */
  public List<Value> loop(
      Value count,
      List<Value> first,
      List<TensorType> types,
      BiFunction<Scope, List<Value>, List<Value>> body) {
    return new ControlFlow(this).loop(count, first, types, body);
  }

  GraphBuilder body() {
    return body;
  }

  /** This place in another body. */
  Scope in(GraphBuilder inner) {
    return new Scope(inner, path, order, computeType);
  }
}
