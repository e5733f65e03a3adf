package ai.transonnx.format;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * State of a model: its output {@code output} of one call is its input {@code input} of the next.
 *
 * @param input the name of the input, such as {@code past_keys_0}
 * @param output the name of the output, such as {@code present_keys_0}
 * @param type the element type of both
 * @param shape the shape in general, such as {@code [batch, 8, capacity, 64]}
 * @param first the shape of the zeros of a first call, such as {@code [batch, 8, 0, 64]}: numbers
 *     and {@link #BATCH}
 * @param role the meaning of the tensor
 */
public record StateTensor(
    String input,
    String output,
    ElementType type,
    List<Dim> shape,
    List<Dim> first,
    StateRole role) {
  /** The number of rows of a call: the only name in {@link #first}. */
  public static final Dim BATCH = Dim.of("batch");

  /** The number of slots of buffers, and of memories that have a value for each slot. */
  public static final Dim CAPACITY = Dim.of("capacity");

  /**
   * A state tensor.
   *
   * @throws IllegalArgumentException if the shapes have different ranks, {@code first} has another
   *     name than {@link #BATCH}, or the type or shape does not fit the role
   */
  public StateTensor {
    shape = List.copyOf(shape);
    first = List.copyOf(first);
    if (shape.size() != first.size()) {
      throw new IllegalArgumentException("first is %s, but shape is %s".formatted(first, shape));
    }
    for (var dim : first) {
      if (!dim.isFixed() && !dim.equals(BATCH)) {
        throw new IllegalArgumentException(
            "first is %s: '%s' is neither a number nor '%s'".formatted(first, dim, BATCH));
      }
    }
    long free = freeAxes(shape, first).count();
    boolean fits =
        switch (role) {
          case RECURRENT -> free == 0;
          case BUFFER, RING -> free <= 1;
          case COUNTER, WINDOW -> type == ElementType.INT64 && shape.size() == 1 && free == 0;
          case MEMORY, GROUP, CONTEXT -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "role '%s' needs %s, but the state is %s%s, at first %s"
              .formatted(role.label(), expected(role), type, shape, first));
    }
  }

  private static String expected(StateRole role) {
    return switch (role) {
      case BUFFER, RING -> "at most one dimension that grows";
      case COUNTER, WINDOW -> "int64[" + BATCH + "]";
      default -> "a fixed size for each row";
    };
  }

  /** The dimensions whose size is fixed at first and then may change. */
  private static IntStream freeAxes(List<Dim> shape, List<Dim> first) {
    return IntStream.range(0, shape.size())
        .filter(axis -> first.get(axis).isFixed() && !shape.get(axis).isFixed());
  }

  /**
   * The dimension along which a buffer grows, or a memory with a value for each of its slots; -1
   * for any other state, and if it has one size.
   */
  public int growingAxis() {
    return freeAxes(shape, first)
        .filter(axis -> role.isGrowingBuffer() || isSlots(axis))
        .findFirst()
        .orElse(-1);
  }

  private boolean isSlots(int axis) {
    return role == StateRole.MEMORY && shape.get(axis).equals(CAPACITY);
  }

  /**
   * The shape of the zeros that a sequence begins with.
   *
   * @param batch the number of rows
   */
  public long[] firstShape(int batch) {
    return first.stream().mapToLong(dim -> dim.isFixed() ? dim.size() : batch).toArray();
  }

  /** Whether a tensor of {@code batch} rows can be this state. */
  public boolean accepts(ElementType elements, long[] sizes, int batch) {
    if (elements != type || sizes.length != first.size()) {
      return false;
    }
    var expected = firstShape(batch);
    if (role != StateRole.GROUP) {
      freeAxes(shape, first).forEach(axis -> expected[axis] = sizes[axis]);
    }
    return Arrays.equals(expected, sizes);
  }
}
