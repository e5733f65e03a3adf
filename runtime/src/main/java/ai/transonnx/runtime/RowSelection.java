package ai.transonnx.runtime;

import java.util.Arrays;

/** Copies rows of a tensor, which are its slices along one axis. */
final class RowSelection {
  private RowSelection() {}

  /**
   * A tensor whose row {@code i} is a copy of row {@code rows[i]}.
   *
   * @param axis the axis of the rows
   * @throws MemoryLimitException if it is larger than 2 GiB
   */
  static Tensor of(Tensor tensor, int axis, int... rows) {
    var shape = tensor.shape();
    int before = size(shape, 0, axis);
    int all = (int) shape[axis];
    int bytes = tensor.type().bytes() * size(shape, axis + 1, shape.length);
    shape[axis] = rows.length;
    var selected = Tensor.zeros(tensor.type(), shape);
    int target = 0;
    for (int block = 0; block < before; block++) {
      for (int row : rows) {
        selected.buffer().put(target, tensor.buffer(), (block * all + row) * bytes, bytes);
        target += bytes;
      }
    }
    return selected;
  }

  private static int size(long[] shape, int from, int to) {
    return (int) Arrays.stream(shape, from, to).reduce(1, (a, b) -> a * b);
  }
}
