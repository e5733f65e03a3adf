package ai.transonnx.verification;

import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Cuts and joins tensors {@code [b, n, ...]}, or {@code [n]}, along their positions. */
public final class SequenceSlices {
  private SequenceSlices() {}

  /** The positions {@code start} to {@code start + count - 1}. */
  public static Tensor cut(Tensor sequence, int start, int count) {
    var shape = sequence.shape();
    int axis = Math.min(1, shape.length - 1);
    int batch = axis == 0 ? 1 : (int) shape[0];
    int row = bytes(sequence, axis);
    int position = bytes(sequence, axis + 1);
    var bytes = ByteBuffer.allocateDirect(batch * count * position);
    var data = sequence.data();
    for (int b = 0; b < batch; b++) {
      bytes.put(data.slice(b * row + start * position, count * position));
    }
    shape[axis] = count;
    return Tensor.of(sequence.type(), bytes.flip(), shape);
  }

  /** Concatenates tensors along their positions. */
  public static Tensor join(List<Tensor> parts) {
    var first = parts.get(0);
    var shape = first.shape();
    int batch = (int) shape[0];
    shape[1] = parts.stream().mapToLong(part -> part.shape()[1]).sum();
    var bytes = ByteBuffer.allocateDirect(parts.stream().mapToInt(p -> p.data().remaining()).sum());
    for (int b = 0; b < batch; b++) {
      for (var part : parts) {
        int row = bytes(part, 1);
        bytes.put(part.data().slice(b * row, row));
      }
    }
    return Tensor.of(first.type(), bytes.flip(), shape);
  }

  /** The size in bytes of the axes from {@code axis} on. */
  private static int bytes(Tensor sequence, int axis) {
    long elements = Arrays.stream(sequence.shape()).skip(axis).reduce(1, (a, b) -> a * b);
    return (int) elements * sequence.type().bytes();
  }
}
