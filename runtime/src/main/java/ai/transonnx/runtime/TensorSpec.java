package ai.transonnx.runtime;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The name, type and shape of an input or output.
 *
 * @param name such as {@code tokens}
 * @param dims the size of each dimension; their number is the rank
 */
public record TensorSpec(String name, ElementType type, List<Dim> dims) {
  public TensorSpec {
    dims = List.copyOf(dims);
  }

  public int rank() {
    return dims.size();
  }

  /** The size of dimension {@code axis}, if it is the same in all calls. */
  public OptionalLong fixedSize(int axis) {
    var dim = dims.get(axis);
    return dim.isFixed() ? OptionalLong.of(dim.size()) : OptionalLong.empty();
  }

  /**
   * Checks that {@code tensor} can be this input.
   *
   * @param sizes the size of each named dimension in this call; new names are added
   * @throws TypeException if the type differs
   * @throws ShapeException if the rank or a size differs
   */
  void check(Tensor tensor, Map<Dim, Long> sizes) {
    checkType(tensor);
    long[] shape = tensor.shape();
    if (shape.length != rank()) {
      throw new ShapeException(
          mismatch(tensor, "its rank is %s, not %s".formatted(shape.length, rank())));
    }
    for (int axis = 0; axis < shape.length; axis++) {
      long expected = sizeIn(sizes, dims.get(axis), shape[axis]);
      if (shape[axis] != expected) {
        throw new ShapeException(
            mismatch(
                tensor,
                "dimension %s (%s) is %s, not %s"
                    .formatted(axis, dims.get(axis), shape[axis], expected)));
      }
    }
  }

  /**
   * Checks that {@code tensor} has the type of this input.
   *
   * @throws TypeException if it has another
   */
  void checkType(Tensor tensor) {
    if (tensor.type() != type) {
      throw new TypeException(mismatch(tensor, "its type is not " + type));
    }
  }

  /**
   * The minimum size in bytes of such a tensor.
   *
   * @param sizes the size of each named dimension in a call; a missing size counts as 1
   */
  double bytes(Map<Dim, Long> sizes) {
    double bytes = type.bytes();
    for (Dim dim : dims) {
      bytes *= dim.isFixed() ? dim.size() : sizes.getOrDefault(dim, 1L);
    }
    return bytes;
  }

  private static long sizeIn(Map<Dim, Long> sizes, Dim dim, long given) {
    if (dim.isFixed()) {
      return dim.size();
    }
    if (dim.isUnknown()) {
      return given;
    }
    Long known = sizes.putIfAbsent(dim, given);
    return known == null ? given : known;
  }

  private String mismatch(Tensor tensor, String why) {
    return "input '%s' is %s, but the model takes %s%s: %s"
        .formatted(name, tensor, type, dims, why);
  }

  /** Such as {@code tokens int64[b, n]}. */
  @Override
  public String toString() {
    return name + " " + type + dims;
  }
}
