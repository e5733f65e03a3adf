package ai.transonnx.graph;

/**
 * A tensor in a graph: an input, a constant, a parameter, or the output of a node. A value belongs
 * to one {@link Body} and is produced once.
 */
public final class Value {
  private final Body owner;
  private final TensorType type;
  private String name;
  private boolean renamable;

  Value(Body owner, String name, TensorType type) {
    this.owner = owner;
    this.name = name;
    this.type = type;
  }

  /** The output of a node, whose name counts for nothing until something finished refers to it. */
  static Value ofNode(Body owner, String name, TensorType type) {
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
