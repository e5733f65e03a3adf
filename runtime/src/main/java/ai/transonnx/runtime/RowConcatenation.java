package ai.transonnx.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Concatenates tensors along the batch, their first axis; one other axis may be padded. */
final class RowConcatenation {
  private RowConcatenation() {}

  /**
   * The shape of the concatenation.
   *
   * @param padded the axis along which smaller tensors are padded; -1 for none
   * @return empty if the shapes differ in an axis besides these two
   */
  static Optional<long[]> shape(List<long[]> shapes, int padded) {
    var sum = shapes.get(0).clone();
    for (var shape : shapes.subList(1, shapes.size())) {
      if (shape.length != sum.length || shape.length == 0) {
        return Optional.empty();
      }
      sum[0] += shape[0];
      for (int axis = 1; axis < shape.length; axis++) {
        if (axis == padded) {
          sum[axis] = Math.max(sum[axis], shape[axis]);
        } else if (sum[axis] != shape[axis]) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(sum);
  }

  /**
   * The concatenation of tensors of one type, padded with zeros.
   *
   * @param padded as for {@link #shape}
   * @throws MemoryLimitException if it is larger than 2 GiB
   */
  static Tensor of(List<Tensor> parts, int padded) {
    var shape = shape(parts.stream().map(Tensor::shape).toList(), padded).orElseThrow();
    var type = parts.get(0).type();
    var all = Tensor.zeros(type, shape);
    int first = Math.max(padded, 1);
    int stride = type.bytes() * size(shape, first, shape.length);
    int target = 0;
    for (var part : parts) {
      int bytes = type.bytes() * size(part.shape(), first, shape.length);
      int blocks = size(part.shape(), 0, first);
      for (int i = 0; i < blocks; i++) {
        all.buffer().put(target, part.buffer(), i * bytes, bytes);
        target += stride;
      }
    }
    return all;
  }

  private static int size(long[] shape, int from, int to) {
    return (int) Arrays.stream(shape, from, to).reduce(1, (a, b) -> a * b);
  }
}
