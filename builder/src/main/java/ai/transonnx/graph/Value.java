package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tensor in a graph: an input, a constant, a parameter, or the output of a node. A value belongs
 * to one {@link GraphBuilder} and has one producer.
 *
 * <p>Threads may share it after the model is built, not before.
 */
public final class Value {
  private final GraphBuilder owner;
  private final TensorType type;
  private final @Nullable Tensor constant;
  private String name;
  private boolean renamable;
  private boolean isOperand;
  private @Nullable Value widenedFrom;

  Value(GraphBuilder owner, String name, TensorType type) {
    this(owner, name, type, null);
  }

  private Value(GraphBuilder owner, String name, TensorType type, @Nullable Tensor constant) {
    this.owner = owner;
    this.name = name;
    this.type = type;
    this.constant = constant;
  }

  /** The value of a rewritten graph that replaces this one. */
  Value rewritten(String otherName, TensorType otherType) {
    return new Value(owner, otherName, otherType);
  }

  static Value ofConstant(GraphBuilder owner, String name, Tensor constant) {
    return new Value(owner, name, constant.type(), constant);
  }

  /** The output of a node. Its name may change until a finished graph refers to it. */
  static Value ofNode(GraphBuilder owner, String name, TensorType type) {
    var value = new Value(owner, name, type);
    value.renamable = true;
    return value;
  }

  /**
   * Gives the value a fixed name, unless its name is already fixed.
   *
   * @return whether it now has this name
   */
  boolean rename(String wanted) {
    boolean renamed = renamable;
    if (renamed) {
      name = wanted;
      renamable = false;
    }
    return renamed;
  }

  /** Fixes the current name. */
  void keepName() {
    renamable = false;
  }

  /**
   * The value as a float16 or bfloat16 scalar; empty if it is not a scalar float32 constant or the
   * type cannot hold it.
   */
  public Optional<Tensor> narrowed(ElementType type) {
    if (constant == null || rank() > 0 || elements() != ElementType.FLOAT32) {
      return Optional.empty();
    }
    float number = constant.bytes().getFloat();
    return HalfFloat.holds(type, number)
        ? Optional.of(Tensor.scalar(type, number))
        : Optional.empty();
  }

  /** Records that this value is a cast of {@code value}. */
  Value asCastOf(Value value) {
    if (value.elements().isHalf() && elements() == ElementType.FLOAT32) {
      widenedFrom = value;
    }
    return this;
  }

  /**
   * The float16 or bfloat16 value that this value is a float32 cast of; null if it is no such cast.
   */
  @Nullable Value widenedFrom() {
    return widenedFrom;
  }

  /** Records that a node uses this value as an operand. */
  void takeAsOperand() {
    isOperand = true;
  }

  boolean isOperand() {
    return isOperand;
  }

  GraphBuilder owner() {
    return owner;
  }

  /** The name, unique in the graph. */
  public String name() {
    return name;
  }

  /** The element type and shape. */
  public TensorType type() {
    return type;
  }

  /** The element type. */
  public ElementType elements() {
    return type.elements();
  }

  /** The shape. */
  public Shape shape() {
    return type.shape();
  }

  /** The number of dimensions. */
  public int rank() {
    return shape().rank();
  }

  /**
   * The size of one dimension.
   *
   * @param axis counted from the end if negative
   * @throws GraphException if there is no such dimension
   */
  public Dim dim(int axis) {
    return shape().dim(axis);
  }

  /** For example {@code logits: float32 [batch, length, 256]}. */
  @Override
  public String toString() {
    return name + ": " + type;
  }
}
