package ai.transonnx.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Rows of several tensors in one. */
final class Stacking {
  private Stacking() {}

  /**
   * The shape of tensors whose rows are put one behind the other.
   *
   * @param axis along which those that are shorter are filled up; -1 for none
   * @return nothing if the shapes differ in another axis but the first
   */
  static Optional<long[]> shape(List<long[]> shapes, int axis) {
    var stacked = shapes.get(0).clone();
    for (var shape : shapes.subList(1, shapes.size())) {
      if (shape.length != stacked.length || shape.length == 0) {
        return Optional.empty();
      }
      stacked[0] += shape[0];
      for (int i = 1; i < shape.length; i++) {
        if (i == axis) {
          stacked[i] = Math.max(stacked[i], shape[i]);
        } else if (stacked[i] != shape[i]) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(stacked);
  }

  /**
   * The rows of tensors of one type, one behind the other, filled up with zeros.
   *
   * @param axis as for {@link #shape}
   * @throws MemoryLimitException if they are larger than 2 GiB
   */
  static Tensor of(List<Tensor> parts, int axis) {
    var shape = shape(parts.stream().map(Tensor::shape).toList(), axis).orElseThrow();
    var type = parts.get(0).type();
    var all = Tensor.zeros(type, shape);
    int first = Math.max(axis, 1);
    int run = type.bytes() * size(shape, first, shape.length);
    int from = 0;
    for (var part : parts) {
      int count = type.bytes() * size(part.shape(), first, shape.length);
      int runs = size(part.shape(), 0, first);
      for (int i = 0; i < runs; i++) {
        all.buffer().put(from, part.buffer(), i * count, count);
        from += run;
      }
    }
    return all;
  }

  private static int size(long[] shape, int from, int to) {
    return (int) Arrays.stream(shape, from, to).reduce(1, (a, b) -> a * b);
  }
}
