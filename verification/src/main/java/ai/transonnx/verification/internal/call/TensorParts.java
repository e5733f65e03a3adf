package ai.transonnx.verification.internal.call;

import ai.transonnx.InputException;
import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Cuts tensors along one axis, and joins them along the batch. */
public final class TensorParts {
  private TensorParts() {}

  /** The slices {@code start} to {@code start + count - 1} along an axis. */
  public static Tensor cut(Tensor tensor, int axis, int start, int count) {
    var shape = tensor.shape();
    int slice = bytes(tensor, axis + 1);
    int stride = slice * (int) shape[axis];
    int blocks = (int) product(shape, 0, axis);
    var part = ByteBuffer.allocateDirect(blocks * count * slice);
    var data = tensor.data();
    for (int block = 0; block < blocks; block++) {
      part.put(data.slice(block * stride + start * slice, count * slice));
    }
    shape[axis] = count;
    return Tensor.of(tensor.type(), part.flip(), shape);
  }

  /**
   * Joins tensors of one type along the first axis.
   *
   * @param padded another axis, along which smaller tensors are padded with zeros; -1 for none
   * @throws InputException if the shapes differ in an axis besides these two
   */
  static Tensor stack(List<Tensor> parts, int padded) {
    var shape = stackedShape(parts, padded);
    var type = parts.get(0).type();
    var all =
        ByteBuffer.allocateDirect(Math.toIntExact(product(shape, 0, shape.length) * type.bytes()));
    int from = Math.max(padded, 1);
    int stride = (int) product(shape, from, shape.length) * type.bytes();
    int target = 0;
    for (var part : parts) {
      int block = bytes(part, from);
      int blocks = (int) product(part.shape(), 0, from);
      for (int i = 0; i < blocks; i++) {
        all.put(target, part.data(), i * block, block);
        target += stride;
      }
    }
    return Tensor.of(type, all, shape);
  }

  private static long[] stackedShape(List<Tensor> parts, int padded) {
    var sum = parts.get(0).shape();
    for (var part : parts.subList(1, parts.size())) {
      var shape = part.shape();
      if (shape.length != sum.length || shape.length == 0) {
        throw unlike(parts);
      }
      sum[0] += shape[0];
      for (int axis = 1; axis < shape.length; axis++) {
        if (axis == padded) {
          sum[axis] = Math.max(sum[axis], shape[axis]);
        } else if (sum[axis] != shape[axis]) {
          throw unlike(parts);
        }
      }
    }
    return sum;
  }

  private static InputException unlike(List<Tensor> parts) {
    return new InputException("states of %s cannot be stacked along the batch".formatted(parts));
  }

  /** The size in bytes of the axes from {@code axis} on. */
  private static int bytes(Tensor tensor, int axis) {
    var shape = tensor.shape();
    return (int) product(shape, axis, shape.length) * tensor.type().bytes();
  }

  private static long product(long[] shape, int from, int to) {
    return Arrays.stream(shape, from, to).reduce(1, Math::multiplyExact);
  }
}
