package ai.transonnx.runtime;

import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Buffers with room for a known number of slots, in which the state of a loop starts. They are
 * memory of this process, so that they are read without a copy, and they do not grow by more than
 * the loop needs.
 */
final class ReservedState implements AutoCloseable {
  private final StateMemory memory;
  private final int batch;
  private final long slots;
  private final List<ByteBuffer> taken = new ArrayList<>();

  /**
   * A reservation that has taken no memory.
   *
   * @param slots the number of slots of each buffer
   */
  ReservedState(StateMemory memory, int batch, long slots) {
    this.memory = memory;
    this.batch = batch;
    this.slots = slots;
  }

  /**
   * Whether state can start in reserved memory. All buffers of a call have the same number of
   * slots, so those that ONNX Runtime allocates must not be among them.
   */
  static boolean isPossible(List<StateTensor> pairs) {
    return pairs.stream()
        .filter(pair -> pair.growingAxis() >= 0)
        .allMatch(pair -> pair.role() == StateRole.BUFFER || pair.role() == StateRole.CONTEXT);
  }

  /**
   * A state tensor of zeros; empty if its size does not grow slot by slot.
   *
   * @throws MemoryLimitException if it is larger than 2 GiB, or there is not enough memory
   */
  Optional<Tensor> take(StateTensor pair) {
    int axis = pair.growingAxis();
    if (pair.role() != StateRole.BUFFER || axis < 0) {
      return Optional.empty();
    }
    var shape = pair.firstShape(batch);
    shape[axis] = slots;
    double bytes =
        Arrays.stream(shape).asDoubleStream().reduce(pair.type().bytes(), (a, b) -> a * b);
    if (bytes > Integer.MAX_VALUE) {
      throw new MemoryLimitException(
          "state '%s' with %s slots is larger than 2 GiB".formatted(pair.input(), slots));
    }
    var data = memory.take((int) bytes);
    taken.add(data);
    return Optional.of(Tensor.of(pair.type(), data, shape));
  }

  /** Returns the memory, which nothing may use any more. */
  @Override
  public void close() {
    taken.forEach(memory::giveBack);
    taken.clear();
  }
}
