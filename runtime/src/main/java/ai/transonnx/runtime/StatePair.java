package ai.transonnx.runtime;

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

  public StatePair {
    shape = List.copyOf(shape);
    first = List.copyOf(first);
  }

  /**
   * The zeros that a loop over {@code batch} rows starts with.
   *
   * @throws MemoryLimitException if they are larger than 2 GiB
   */
  public Tensor zeros(int batch) {
    long[] sizes =
        first.stream()
            .mapToLong(dim -> dim instanceof Dim.Fixed fixed ? fixed.size() : batch)
            .toArray();
    return Tensor.zeros(type, sizes);
  }
}
