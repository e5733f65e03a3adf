package ai.transonnx.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for the state of loops, one after the other: a loop takes what closed loops have returned.
 * Memory that is new to a process is mapped page by page, which can take longer than the
 * computation of a short prompt. Threads may share it.
 *
 * <pre>{@code
 * var memory = new StateMemory();
 * for (long[] prompt : prompts) {
 *   try (var loop = TokenLoop.builder(model).reserve(memory, prompt.length).build()) {
 *     loop.feed(prompt);
 *   }
 * }
 * memory.release();
 * }</pre>
 */
public final class StateMemory {
  private static final byte[] ZEROS = new byte[1 << 16];

  private final List<ByteBuffer> free = new ArrayList<>();

  /** No memory. */
  public StateMemory() {}

  /**
   * A direct buffer whose remaining bytes are zeros: the smallest returned one that is large
   * enough, or new memory in place of one that is too small.
   *
   * @throws MemoryLimitException if there is not enough memory
   */
  synchronized ByteBuffer take(int bytes) {
    int best = -1;
    for (int i = 0; i < free.size(); i++) {
      if (best < 0 || isBetter(free.get(i), free.get(best), bytes)) {
        best = i;
      }
    }
    var buffer = best < 0 ? null : free.remove(best);
    if (buffer == null || buffer.capacity() < bytes) {
      return allocate(bytes);
    }
    buffer.clear().limit(bytes);
    for (int i = 0; i < bytes; i += ZEROS.length) {
      buffer.put(i, ZEROS, 0, Math.min(ZEROS.length, bytes - i));
    }
    return buffer;
  }

  private static boolean isBetter(ByteBuffer buffer, ByteBuffer than, int bytes) {
    boolean fits = buffer.capacity() >= bytes;
    return fits == than.capacity() >= bytes ? buffer.capacity() < than.capacity() : fits;
  }

  private static ByteBuffer allocate(int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) {
      throw new MemoryLimitException(
          "not enough memory outside of the Java heap for a state tensor of %s bytes"
              .formatted(bytes),
          e);
    }
  }

  /** Returns a buffer that {@link #take} returned, and that nothing uses any more. */
  synchronized void giveBack(ByteBuffer buffer) {
    free.add(buffer);
  }

  /** Frees the memory that no loop uses. */
  public synchronized void release() {
    free.clear();
  }
}
