package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tensor in a graph: an input, a constant, a parameter, or the output of a node. A value belongs
 * to one {@link GraphBuilder} and is produced once.
 *
 * <p>Belongs to one graph. Threads may share it when the model is built, not before.
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

  /** A value of a rewritten graph in this one's place. */
  Value rewritten(String otherName, TensorType otherType) {
    return new Value(owner, otherName, otherType);
  }

  static Value ofConstant(GraphBuilder owner, String name, Tensor constant) {
    return new Value(owner, name, constant.type(), constant);
  }

  /** The output of a node, whose name counts for nothing until something finished refers to it. */
  static Value ofNode(GraphBuilder owner, String name, TensorType type) {
    var value = new Value(owner, name, type);
    value.renamable = true;
    return value;
  }

  /**
   * Gives the value a name that callers rely on, unless its name is already relied on.
   *
   * @return whether it now has that name
   */
  boolean rename(String wanted) {
    boolean renamed = renamable;
    if (renamed) {
      name = wanted;
      renamable = false;
    }
    return renamed;
  }

  /** Keeps the name as it is from now on. */
  void keepName() {
    renamable = false;
  }

  /**
   * This number in a type of 16 bits, if it is a constant without dimensions that the type has room
   * for.
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

  /** Says that this is {@code value} with elements of another type. */
  Value asCastOf(Value value) {
    if (value.elements().isHalf() && elements() == ElementType.FLOAT32) {
      widenedFrom = value;
    }
    return this;
  }

  /** The value of 16 bits that this is, with its elements in 32; null if it is no such value. */
  @Nullable Value widenedFrom() {
    return widenedFrom;
  }

  /** A node takes this as an operand. */
  void takeAsOperand() {
    isOperand = true;
  }

  boolean isOperand() {
    return isOperand;
  }

  GraphBuilder owner() {
    return owner;
  }

  /** The name in the graph, unique there. */
  public String name() {
    return name;
  }

  public TensorType type() {
    return type;
  }

  public ElementType elements() {
    return type.elements();
  }

  public Shape shape() {
    return type.shape();
  }

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
