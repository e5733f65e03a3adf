package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.CacheType;
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
 * A module of the library's module tree, as a prefix of names: its path names the nodes that are
 * built in it and the weights of the checkpoint.
 *
 * <p>Submodules are entered explicitly, as in PyTorch:
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

  /**
   * The root scope of a graph: its path is empty, and linear layers' weights are stored in
   * PyTorch's order, {@code [out, in]}.
   */
  public static Scope of(GraphBuilder body) {
    return of(body, MatrixOrder.OUTPUTS_FIRST);
  }

  /** The root scope of a graph whose linear layers' weights are stored in the given order. */
  public static Scope of(GraphBuilder body, MatrixOrder order) {
    return new Scope(body, "", order, body.precision().computeType());
  }

  /** The scope of the submodule of this name. */
  public Scope child(String name) {
    return new Scope(body, path.isEmpty() ? name : path + "." + name, order, computeType);
  }

  /**
   * This scope with matrix products in the {@linkplain #wideType wide type}, whatever the model's
   * precision. Their weights are still stored in the model's precision.
   */
  public Scope inWideType() {
    return new Scope(body, path, order, wideType());
  }

  /**
   * This scope for values that may overflow float16: matrix products that would use float16 use
   * float32.
   */
  public Scope beyondFloat16() {
    return computeType == ElementType.FLOAT16 ? inWideType() : this;
  }

  /** The scope of the submodule at this index of a module list. */
  public Scope child(int index) {
    return child(Integer.toString(index));
  }

  /** The checkpoint's name of a tensor of this scope. */
  private String name(String leaf) {
    return child(leaf).path;
  }

  /**
   * A weight of the checkpoint that has the {@linkplain #wideType wide type} in the graph.
   *
   * @param name its name in this scope
   * @param sizes the shape that it must have in the checkpoint
   */
  public Value parameter(String name, long... sizes) {
    return parameter(stored(name, sizes));
  }

  /**
   * A weight that a checkpoint may lack because it is not trained.
   *
   * @param name its name in this scope
   * @param absent the values to use if the checkpoint lacks it; they have its shape
   */
  public Value parameter(String name, Tensor absent) {
    return parameter(stored(name, absent));
  }

  /**
   * A weight that is computed from stored ones at export and has the {@linkplain #wideType wide
   * type} in the graph; it is named after the expression.
   */
  public Value parameter(WeightExpression source) {
    return parameter(source, wideType());
  }

  /**
   * A weight of the checkpoint that is a factor of a matrix product or an embedding table; graphs
   * store it in the model's precision.
   *
   * @param name its name in this scope
   * @param sizes the shape that it must have in the checkpoint
   */
  public Value matrix(String name, long... sizes) {
    return matrix(stored(name, sizes));
  }

  /**
   * A factor of a matrix product or an embedding table that is computed from stored weights at
   * export; graphs store it in the model's precision.
   */
  public Value matrix(WeightExpression source) {
    return parameter(source, body.precision().computeType());
  }

  private Value parameter(WeightExpression source, ElementType elements) {
    return body.parameter(path, new Parameter(source.describe(), elements, source));
  }

  /**
   * The weight of a linear layer as an expression, in the same order whatever the checkpoint's
   * {@link MatrixOrder}.
   *
   * @return {@code [out, in]}
   */
  public WeightExpression storedMatrix(String name, long out, long in) {
    return order == MatrixOrder.OUTPUTS_FIRST
        ? stored(name, out, in)
        : stored(name, in, out).transposed();
  }

  /** A tensor of the checkpoint as an expression, to compute weights from. */
  public WeightExpression stored(String name, long... sizes) {
    return new WeightExpression.Stored(name(name), Shape.of(sizes));
  }

  /**
   * A tensor of the checkpoint that has another name in some checkpoints, as an expression.
   *
   * @param other the name in place of {@code name}
   */
  public WeightExpression storedAsEither(String name, String other, long... sizes) {
    return new WeightExpression.Stored(
        name(name), List.of(name(other)), Shape.of(sizes), Optional.empty());
  }

  /**
   * A tensor that a checkpoint may lack because it is not trained, as an expression.
   *
   * @param absent the values to use if the checkpoint lacks it; they have its shape
   */
  public WeightExpression stored(String name, Tensor absent) {
    return new WeightExpression.Stored(name(name), absent.type().shape(), Optional.of(absent));
  }

  @Override
  public NodeBuilder operation(String operator) {
    return body.operation(path, "", operator);
  }

  @Override
  public NodeBuilder runtimeOperation(String operator) {
    if (body.target() != Target.ONNXRUNTIME) {
      throw operation(operator)
          .error(
              "a portable graph cannot use operators of ONNX Runtime; choose the target"
                  + " ONNXRUNTIME");
    }
    return body.operation(path, "com.microsoft", operator);
  }

  /** The runtime that the graph is built for. */
  public Target target() {
    return body.target();
  }

  @Override
  public Value constant(Tensor tensor) {
    return body.constant(tensor);
  }

  @Override
  public ElementType wideType() {
    return body.precision().wideType();
  }

  /** The result of this {@linkplain #expansion expansion}, named after the operator. */
  Value result(Value x) {
    return body.copy(path, x);
  }

  @Override
  public Optional<Scope> expansion(String operator) {
    return target() == Target.FLOAT64_KERNELS
        ? Optional.of(
            new Scope(body, path.isEmpty() ? operator : path + "/" + operator, order, wideType()))
        : Optional.empty();
  }

  @Override
  public ElementType computeType() {
    return computeType;
  }

  /**
   * The element type of cached keys and values: the {@linkplain #computeType compute type} unless
   * the model's options have another.
   */
  public ElementType cacheType() {
    return body.cacheType().map(CacheType::elements).orElse(computeType);
  }

  @Override
  public Value cast(Value x, ElementType to) {
    return body.cast(path, x, to);
  }

  @Override
  public Optional<Value> narrowedConstant(Value x, ElementType type) {
    return x.narrowed(type).map(this::constant);
  }

  /** In a function's body: the value of an attribute of the call, as a scalar. */
  public Value attribute(String name, ElementType elements) {
    return body.attribute(name, elements);
  }

  /** Calls a function that is written into the model file. */
  public List<Value> call(FunctionTemplate template, Value... inputs) {
    return body.call(path, template, List.of(inputs));
  }

  @Override
  public Value shared(Object key, Supplier<Value> first) {
    return body.shared(key, first);
  }

  /** A fresh symbol for a size that cannot be inferred, equal only to itself. */
  public Dim unknownDim() {
    return body.unknownDim();
  }

  /**
   * Computes one of two branches.
   *
   * @param condition bool {@code []} or {@code [1]}
   * @param results the types of the results; floating-point results of other types are cast
   * @param then computes the results if the condition holds
   * @param otherwise computes the results if it does not
   */
  public List<Value> ifElse(
      Value condition,
      List<TensorType> results,
      Function<Scope, List<Value>> then,
      Function<Scope, List<Value>> otherwise) {
    return new ControlFlow(this).ifElse(condition, results, then, otherwise);
  }

  /**
   * Repeats a computation that carries values from one iteration to the next.
   *
   * @param count the number of iterations: int64 {@code []}
   * @param first the values that the first iteration takes
   * @param types the types of the carried values. A size that changes between iterations is a fresh
   *     symbol; floating-point values of other types are cast
   * @param body computes the values that the next iteration takes
   * @return the values that the last iteration computed, or {@code first} if there was none
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

  /** This scope in the graph of another one, such as a branch of this one's. */
  public Scope inGraphOf(Scope other) {
    return other.body == body ? this : in(other.body);
  }

  /** This scope in another graph. */
  Scope in(GraphBuilder inner) {
    return new Scope(inner, path, order, computeType);
  }
}
