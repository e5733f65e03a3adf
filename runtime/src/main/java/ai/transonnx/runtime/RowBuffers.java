package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The state of the rows of a {@link DecodeBatch}: one {@link RowBuffer} for each state tensor, and
 * the number of positions that each row's state includes.
 */
final class RowBuffers implements AutoCloseable {
  /** Spare slots, so that not every step grows the buffers; or a quarter if that is more. */
  private static final int MIN_SPARE_SLOTS = 64;

  private final List<RowBuffer> buffers;
  private final CacheLayout layout;
  private final int window;
  private long[] computed = {};
  private int rows;
  private int slots = 1;
  private int expectedRows;
  private long expectedPositions = Long.MAX_VALUE;

  /**
   * Buffers without rows.
   *
   * @param window the number of positions that a row's state can include
   */
  RowBuffers(List<RowBuffer> buffers, CacheLayout layout, int window) {
    this.buffers = List.copyOf(buffers);
    this.layout = layout;
    this.window = window;
  }

  int rows() {
    return rows;
  }

  /** Whether a row's state can include another position. */
  boolean hasRoom(int row) {
    return window == Integer.MAX_VALUE || computed[row] < window;
  }

  /** Whether tensors of one row can be a row of these buffers. */
  boolean accepts(List<long[]> shapes) {
    for (int i = 0; i < buffers.size(); i++) {
      if (!buffers.get(i).accepts(shapes.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Sets the number of rows that the next growth makes room for, and the number of positions for
   * which it does not add spare slots any more.
   */
  void expect(int count, long positions) {
    expectedRows = count;
    expectedPositions = positions;
  }

  /**
   * Adds a row.
   *
   * @param state its tensors, in the order of the model's pairs
   * @param positions the number of positions that they include
   * @throws MemoryLimitException if there is not enough memory; nothing has changed then
   */
  void add(List<Tensor> state, long positions) {
    reserve(rows + 1, layout.used(positions + 1));
    int used = (int) layout.used(positions);
    for (int i = 0; i < buffers.size(); i++) {
      buffers.get(i).put(rows, state.get(i), used);
    }
    computed[rows] = positions;
    rows++;
  }

  /** Removes a row; the last one takes its number. */
  void remove(int row) {
    int last = rows - 1;
    if (row != last) {
      buffers.forEach(buffer -> buffer.move(last, row));
      computed[row] = computed[last];
    }
    rows = last;
  }

  /**
   * Makes room for a step of all rows.
   *
   * @throws MemoryLimitException if there is not enough memory; nothing has changed then
   */
  void reserve() {
    reserve(rows, 0);
  }

  private void reserve(int count, long atLeast) {
    long most = atLeast;
    for (int row = 0; row < rows; row++) {
      most = Math.max(most, layout.used(computed[row] + 1));
    }
    int spacious = spacious(most);
    boolean changes = rows == 0 || most > slots || slots > 2L * spacious;
    int newSlots = changes ? spacious : slots;
    int newRows = Math.max(count, expectedRows);
    if (newSlots != slots || newRows != computed.length) {
      try {
        resize(newRows, newSlots);
      } catch (MemoryLimitException e) {
        resize(Math.max(count, 1), (int) most); // without spare memory
      }
    }
  }

  private int spacious(long used) {
    long limit =
        layout
                .ring()
                .map(ring -> (long) ring.slots())
                .orElse((long) window) // no limit if there is no window
            + layout.reserved();
    long most = Math.min(limit, layout.used(expectedPositions));
    return (int) Math.min(Math.max(most, used), used + Math.max(used / 4, MIN_SPARE_SLOTS));
  }

  private void resize(int newRows, int newSlots) {
    int done = 0;
    try {
      for (; done < buffers.size(); done++) {
        buffers.get(done).resize(newRows, newSlots, rows);
      }
    } catch (MemoryLimitException e) {
      buffers.subList(0, done).forEach(buffer -> buffer.resize(computed.length, slots, rows));
      throw e;
    }
    slots = newSlots;
    computed = Arrays.copyOf(computed, newRows);
  }

  /** Whether a step of these rows changes slots that it reads. */
  boolean rewrites(int first, int count) {
    return Arrays.stream(computed, first, first + count).anyMatch(row -> layout.rewrites(row, 1));
  }

  /** Adds the state of some rows to a call's inputs, and the next state to its outputs. */
  void bind(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, int first, int count) {
    boolean rewrites = rewrites(first, count);
    for (var buffer : buffers) {
      inputs.put(buffer.pair().input(), buffer.input(first, count));
      outputs.put(buffer.pair().output(), buffer.output(first, count, rewrites));
    }
  }

  /** Makes the next state of some rows, which a call has computed, the current one. */
  void accept(int first, int count) {
    boolean rewrites = rewrites(first, count);
    for (var buffer : buffers) {
      buffer.accept(first, count, rows, rewrites);
    }
    for (int row = first; row < first + count; row++) {
      computed[row]++;
    }
  }

  @Override
  public void close() {
    buffers.forEach(RowBuffer::close);
  }
}
