package ai.transonnx.graph;

/**
 * A tensor in a graph: an input, a constant, a parameter, or the output of a node. A value belongs
 * to one {@link Body} and is produced once.
 */
public final class Value {
  private final Body owner;
  private final String name;
  private final TensorType type;

  Value(Body owner, String name, TensorType type) {
    this.owner = owner;
    this.name = name;
    this.type = type;
  }

  Body owner() {
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
