package ai.transonnx.runtime;

import java.util.Arrays;
import java.util.List;

/**
 * Two tensors that go round: the output {@code output} of one call is the input {@code input} of
 * the next.
 *
 * @param type the element type of both
 * @param shape the shape in general, such as {@code [batch, past, 16]}
 * @param first the shape of the zeros that a loop starts with, such as {@code [batch, 0, 16]}: a
 *     dimension is a number or the name {@code batch}, the number of rows in the call
 */
public record StatePair(
    String input, String output, ElementType type, List<Dim> shape, List<Dim> first) {
  /** The only name in {@link #first}. */
  static final String BATCH = "batch";

  /** The size of a buffer, of which only what is used counts. */
  private static final Dim CAPACITY = new Dim.Named("capacity");

  public StatePair {
    shape = List.copyOf(shape);
    first = List.copyOf(first);
  }

  /** The size of what is kept of a context that is given once. */
  private static final Dim KEPT_CONTEXT = new Dim.Named("kept_context");

  /** Whether the tensor is of a context: without another context, it comes out as it is. */
  boolean isContext() {
    return shape.contains(KEPT_CONTEXT);
  }

  /** The sizes of buffers that never grow have names that begin like this. */
  private static final String SLOTS = "slots";

  /** Whether the tensor is a buffer of a fixed size: it comes out in the shape it had. */
  boolean isOfOneSize() {
    return shape.stream().anyMatch(StatePair::isSlots);
  }

  private static boolean isSlots(Dim dim) {
    return dim instanceof Dim.Named named && named.name().startsWith(SLOTS);
  }

  /** Whether a tensor is one of these, of a loop over {@code batch} rows. */
  boolean fits(Tensor tensor, int batch) {
    var sizes = tensor.shape();
    boolean fits = tensor.type() == type && sizes.length == shape.size();
    for (int axis = 0; fits && axis < sizes.length; axis++) {
      boolean isAny =
          shape.get(axis) instanceof Dim.Named
              && first.get(axis) instanceof Dim.Fixed
              && !isSlots(shape.get(axis));
      fits = isAny || sizes[axis] == firstSize(axis, batch);
    }
    return fits;
  }

  private long firstSize(int axis, int batch) {
    return first.get(axis) instanceof Dim.Fixed fixed ? fixed.size() : batch;
  }

  /**
   * The axis along which the tensor is a buffer: one that has room for what a call adds comes out
   * of it in the same shape, and may do so in the same memory. -1 if it is no buffer.
   */
  int bufferAxis() {
    return shape.indexOf(CAPACITY);
  }

  /** Whether it is the window that a loop may set: how many positions one sees, or 0 for all. */
  boolean isWindow() {
    return input.equals("past_window") && type == ElementType.INT64;
  }

  /** Whether it counts positions of each row: no more than were fed, and slots before them. */
  boolean isCount() {
    return type == ElementType.INT64 && shape.size() == 1 && !isWindow();
  }

  /** What a loop starts with: the window it sets, else zeros. */
  Tensor first(int batch, int window) {
    if (window == 0 || !isWindow()) {
      return zeros(batch);
    }
    var windows = new long[batch];
    Arrays.fill(windows, window);
    return Tensor.ofLongs(windows, batch);
  }

  /**
   * The zeros that a loop over {@code batch} rows starts with.
   *
   * @throws MemoryLimitException if they are larger than 2 GiB
   */
  public Tensor zeros(int batch) {
    var sizes = new long[first.size()];
    Arrays.setAll(sizes, axis -> firstSize(axis, batch));
    return Tensor.zeros(type, sizes);
  }
}
