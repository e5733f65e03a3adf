package ai.transonnx.runtime;

import java.util.Map;
import java.util.Optional;

/**
 * Collects the options of a loop; the defaults are one sequence, no further inputs, and RECOMPUTE.
 * Not thread-safe.
 *
 * @param <B> the type of the builder itself
 */
public abstract sealed class LoopBuilder<B extends LoopBuilder<B>>
    permits TokenLoop.Builder, VectorLoop.Builder, NumberLoop.Builder {
  private final OnnxModel model;
  private int batch = 1;
  private Map<String, Tensor> inputs = Map.of();
  private ContextOverflow contextOverflow = ContextOverflow.RECOMPUTE;
  private Optional<LoopOptions.Reservation> reservation = Optional.empty();

  LoopBuilder(OnnxModel model) {
    this.model = model;
  }

  abstract B self();

  /** The number of sequences (rows), 1 or more. */
  public final B batch(int batch) {
    this.batch = batch;
    return self();
  }

  /**
   * The inputs besides the sequence and state, such as a context or the source of an
   * encoder-decoder: {@code [b, m, ...]}, the same in all calls.
   */
  public final B inputs(Map<String, Tensor> inputs) {
    this.inputs = inputs;
    return self();
  }

  /** The behaviour when the context window is full. */
  public final B contextOverflow(ContextOverflow contextOverflow) {
    this.contextOverflow = contextOverflow;
    return self();
  }

  /**
   * Keeps keys, values and other buffers of the state in {@code memory}, with room for some
   * positions, until the loop is closed. More positions, and other state, are in memory of ONNX
   * Runtime, as all state is by default, and in models that also have growing state of another
   * role.
   *
   * @param positions the number of positions of each row, 1 or more
   */
  public final B reserve(StateMemory memory, int positions) {
    this.reservation = Optional.of(new LoopOptions.Reservation(memory, positions));
    return self();
  }

  /**
   * The options.
   *
   * @throws RequestException if a number of positions is not positive
   */
  final LoopOptions options() {
    reservation.ifPresent(
        reserved -> {
          if (reserved.positions() < 1) {
            throw new RequestException(
                "a reservation for %s positions; it must be for 1 or more"
                    .formatted(reserved.positions()));
          }
        });
    return new LoopOptions(model, batch, inputs, contextOverflow, reservation);
  }
}
