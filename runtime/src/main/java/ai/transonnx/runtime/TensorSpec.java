package ai.transonnx.runtime;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a model says of one input or output.
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

  /** The size of dimension {@code axis} if every call has the same. */
  public OptionalLong fixedSize(int axis) {
    return dims.get(axis) instanceof Dim.Fixed fixed
        ? OptionalLong.of(fixed.size())
        : OptionalLong.empty();
  }

  /**
   * Checks that {@code tensor} can be this input.
   *
   * @param sizes the size that each name has in this call; a name met first here is added
   * @throws TypeException if the type differs
   * @throws ShapeException if the rank or a size differs
   */
  void check(Tensor tensor, Map<String, Long> sizes) {
    if (tensor.type() != type) {
      throw new TypeException(refusal(tensor, "its type is not " + type));
    }
    long[] shape = tensor.shape();
    if (shape.length != rank()) {
      throw new ShapeException(
          refusal(tensor, "its rank is %s, not %s".formatted(shape.length, rank())));
    }
    for (int axis = 0; axis < shape.length; axis++) {
      long expected = sizeIn(sizes, dims.get(axis), shape[axis]);
      if (shape[axis] != expected) {
        throw new ShapeException(
            refusal(
                tensor,
                "dimension %s (%s) is %s, not %s"
                    .formatted(axis, dims.get(axis), shape[axis], expected)));
      }
    }
  }

  /**
   * The least number of bytes that a tensor of this has.
   *
   * @param sizes the size that each name has in a call; a size that is not there counts as 1
   */
  double bytes(Map<String, Long> sizes) {
    double bytes = type.bytes();
    for (Dim dim : dims) {
      if (dim instanceof Dim.Fixed fixed) {
        bytes *= fixed.size();
      } else if (dim instanceof Dim.Named named) {
        bytes *= sizes.getOrDefault(named.name(), 1L);
      }
    }
    return bytes;
  }

  private static long sizeIn(Map<String, Long> sizes, Dim dim, long given) {
    if (dim instanceof Dim.Fixed fixed) {
      return fixed.size();
    }
    if (dim instanceof Dim.Named named) {
      Long known = sizes.putIfAbsent(named.name(), given);
      return known == null ? given : known;
    }
    return given;
  }

  private String refusal(Tensor tensor, String why) {
    return "input '%s' is %s, but the model takes %s%s: %s"
        .formatted(name, tensor, type, dims, why);
  }

  /** Such as {@code tokens int64[b, n]}. */
  @Override
  public String toString() {
    return name + " " + type + dims;
  }
}
