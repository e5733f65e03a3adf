package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A state tensor of a {@link DecodeBatch}, in memory of this process: rows one after the other, so
 * that the first rows are a tensor without a copy. A row is blocks of slots; a tensor that does not
 * grow has one slot.
 */
final class RowBuffer implements AutoCloseable {
  private final OrtEnvironment environment;
  private final StateTensor pair;
  private final int axis;
  private final long[] rowShape;
  private final int blocks;
  private final int slotBytes;
  private ByteBuffer front = ByteBuffer.allocateDirect(0);
  private @Nullable ByteBuffer back;
  private int slots = 1;
  private int rows;

  private View frontView = new View();
  private View backView = new View();

  /** A native tensor over some rows, kept until other rows are needed. */
  private static final class View {
    private @Nullable OnnxTensor tensor;
    private int first;
    private int count;

    void close() {
      if (tensor != null) {
        tensor.close();
        tensor = null;
      }
    }
  }

  /**
   * A buffer without rows.
   *
   * @param row the shape of a tensor of one row, [1, ...]
   */
  RowBuffer(OrtEnvironment environment, StateTensor pair, long[] row) {
    this.environment = environment;
    this.pair = pair;
    this.axis = pair.growingAxis();
    this.rowShape = row.clone();
    int end = axis < 0 ? 0 : axis;
    this.blocks = axis < 0 ? 1 : size(row, 1, end);
    this.slotBytes = pair.type().bytes() * size(row, axis < 0 ? 1 : axis + 1, row.length);
  }

  private static int size(long[] shape, int from, int to) {
    int size = 1;
    for (int i = from; i < to; i++) {
      size = Math.multiplyExact(size, Math.toIntExact(shape[i]));
    }
    return size;
  }

  StateTensor pair() {
    return pair;
  }

  /** Whether a tensor of one row can be a row of this buffer. */
  boolean accepts(long[] row) {
    if (row.length != rowShape.length) {
      return false;
    }
    for (int i = 0; i < row.length; i++) {
      if (i != axis && row[i] != rowShape[i]) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of a row with {@code slots} slots; tensors that do not grow ignore the number. */
  long rowBytes(int slots) {
    return (long) blocks * (axis < 0 ? 1 : slots) * slotBytes;
  }

  /**
   * Changes the number of rows and slots; the first {@code kept} rows stay. Memory is kept for
   * later rows.
   *
   * @throws MemoryLimitException if it is larger than 2 GiB, or there is not enough memory
   */
  void resize(int newRows, int newSlots, int kept) {
    int size = axis < 0 ? 1 : newSlots;
    if (newRows == rows && size == slots) {
      return;
    }
    long bytes = newRows * rowBytes(size);
    if (bytes > front.capacity()) {
      var larger = allocate(bytes, newRows, size);
      copy(front, slots, larger, size, kept);
      front = larger;
    } else if (size != slots) {
      copy(front, slots, front, size, kept);
    }
    close();
    if (back != null && back.capacity() < bytes) {
      back = null;
    }
    rows = newRows;
    slots = size;
  }

  /** Memory for some bytes, and for half as many more than before if that is possible. */
  private ByteBuffer allocate(long bytes, int newRows, int size) {
    if (bytes > Integer.MAX_VALUE) {
      throw new MemoryLimitException(
          "state '%s' of %s rows with %s slots is larger than 2 GiB"
              .formatted(pair.input(), newRows, size));
    }
    long spacious = Math.min(Integer.MAX_VALUE, Math.max(bytes, front.capacity() * 3L / 2));
    try {
      return allocate((int) spacious);
    } catch (OutOfMemoryError noSpare) {
      try {
        return allocate((int) bytes);
      } catch (OutOfMemoryError e) {
        throw new MemoryLimitException(
            "not enough memory outside of the Java heap for state '%s' of %s rows with %s slots"
                .formatted(pair.input(), newRows, size),
            e);
      }
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies rows into blocks of another size, also within one buffer. Slots beyond the old ones
   * become zeros: their products are masked, but NaN would remain.
   */
  private void copy(ByteBuffer source, int from, ByteBuffer target, int to, int kept) {
    int count = kept * blocks;
    int copied = Math.min(from, to) * slotBytes;
    var zeros = new byte[Math.max(0, to - from) * slotBytes];
    for (int i = 0; i < count; i++) {
      int block = to > from ? count - 1 - i : i; // so that none is overwritten before
      target.put(block * to * slotBytes, source, block * from * slotBytes, copied);
      target.put(block * to * slotBytes + copied, zeros);
    }
  }

  /** Writes a tensor of one row; slots that it does not use become zeros. */
  void put(int row, Tensor tensor, int used) {
    int given = axis < 0 ? 1 : (int) tensor.shape()[axis];
    int copied = Math.min(axis < 0 ? 1 : used, given) * slotBytes;
    int start = Math.toIntExact(row * rowBytes(slots));
    var zeros = new byte[slots * slotBytes - copied];
    for (int block = 0; block < blocks; block++) {
      int target = start + block * slots * slotBytes;
      front.put(target, tensor.buffer(), block * given * slotBytes, copied);
      front.put(target + copied, zeros);
    }
  }

  /** Copies a row over another. */
  void move(int from, int to) {
    int bytes = Math.toIntExact(rowBytes(slots));
    front.put(to * bytes, front, from * bytes, bytes);
  }

  /** The native tensor of {@code count} rows, from {@code first} on. */
  OnnxTensor input(int first, int count) {
    return view(frontView, front, first, count);
  }

  /**
   * The native tensor that receives the next state of these rows: the same as {@link #input}, or
   * another.
   *
   * @param rewrites whether the call changes slots that it reads
   */
  OnnxTensor output(int first, int count, boolean rewrites) {
    if (!alternates(rewrites)) {
      return input(first, count);
    }
    if (back == null) {
      back = allocate(front.capacity());
    }
    return view(backView, back, first, count);
  }

  private boolean alternates(boolean rewrites) {
    return switch (pair.role()) {
      case BUFFER, RING, CONTEXT -> false;
      case GROUP -> rewrites;
      case RECURRENT, MEMORY, COUNTER, WINDOW -> true;
    };
  }

  /** Makes the next state of these rows the current one. */
  void accept(int first, int count, int inUse, boolean rewrites) {
    var next = back;
    if (!alternates(rewrites) || next == null) {
      return;
    }
    if (first == 0 && count == inUse) {
      back = front;
      front = next;
      var view = backView;
      backView = frontView;
      frontView = view;
    } else {
      int bytes = Math.toIntExact(rowBytes(slots));
      front.put(first * bytes, next, first * bytes, count * bytes);
    }
  }

  private OnnxTensor view(View view, ByteBuffer data, int first, int count) {
    var kept = view.tensor;
    if (kept != null && view.first == first && view.count == count) {
      return kept;
    }
    view.close();
    int bytes = Math.toIntExact(rowBytes(slots));
    var shape = rowShape.clone();
    shape[0] = count;
    if (axis >= 0) {
      shape[axis] = slots;
    }
    var part = data.slice(first * bytes, count * bytes).order(ByteOrder.LITTLE_ENDIAN);
    var made = NativeTensors.wrap(environment, pair.type(), part, shape);
    view.tensor = made;
    view.first = first;
    view.count = count;
    return made;
  }

  /** Whether the size of a row's next state is known before a call. */
  static boolean supports(StateTensor pair) {
    boolean isKnown = pair.role() != StateRole.MEMORY || pair.growingAxis() >= 0;
    return pair.first().indexOf(StateTensor.BATCH) == 0 && isKnown;
  }

  @Override
  public void close() {
    frontView.close();
    backView.close();
  }
}
