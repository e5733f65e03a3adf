package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The native state of a loop: the {@linkplain StateSlot memory} of each of its tensors. */
final class StateTensors implements AutoCloseable {
  private final List<StateSlot> slots = new ArrayList<>();
  private final List<Tensor> starts;
  private final OrtEnvironment environment;
  private final Optional<ReservedState> reserved;
  private boolean isReserveUsed;

  /**
   * @param window the value of the state with the role {@link StateRole#WINDOW}; 0 for none
   * @param reserved the buffers that the first call writes to, which this state closes; empty to
   *     let ONNX Runtime allocate them
   */
  StateTensors(
      OrtEnvironment environment,
      List<StateTensor> pairs,
      int batch,
      int window,
      Optional<ReservedState> reserved) {
    this.environment = environment;
    this.reserved = reserved;
    this.starts = pairs.stream().map(pair -> first(pair, batch, window)).toList();
    var natives = NativeTensors.wrap(environment, starts);
    for (int i = 0; i < natives.length; i++) {
      slots.add(new StateSlot(pairs.get(i), natives[i]));
    }
  }

  /** The initial value: the sliding window, or zeros for all other state. */
  private static Tensor first(StateTensor state, int batch, int window) {
    if (window == 0 || state.role() != StateRole.WINDOW) {
      return Tensor.zeros(state, batch);
    }
    var windows = new long[batch];
    Arrays.fill(windows, window);
    return Tensor.ofLongs(windows, batch);
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /**
   * Adds the state to a call's inputs, and the next state to its outputs: those that ONNX Runtime
   * allocates, or those that are written in place.
   *
   * @param used the number of buffer slots in use after the call
   * @param isFirst whether the call starts from the initial state
   */
  void bind(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> pinned,
      long used,
      boolean isFirst) {
    boolean isReserved = isFirst && startInReserve();
    for (var slot : slots) {
      boolean isInitial = isFirst && !(isReserved && slot.isReserved());
      slot.bind(inputs, outputs, pinned, used, isInitial);
    }
  }

  /** Makes reserved buffers the current state; false if there are none, or they have been used. */
  private boolean startInReserve() {
    if (reserved.isEmpty() || isReserveUsed) {
      return false;
    }
    isReserveUsed = true;
    for (var slot : slots) {
      reserved
          .get()
          .take(slot.pair())
          .ifPresent(memory -> slot.startIn(memory, NativeTensors.wrap(environment, memory)));
    }
    return true;
  }

  /**
   * Keeps the current state until {@link #commit} or {@link #rollback}; no effect if one is kept.
   */
  void checkpoint() {
    slots.forEach(StateSlot::checkpoint);
  }

  /** Returns to the checkpoint, if there is one. */
  void rollback() {
    slots.forEach(StateSlot::rollback);
  }

  /** Drops the checkpoint. */
  void commit() {
    slots.forEach(StateSlot::commit);
  }

  /** Stores the next state from a call's result. */
  void accept(OrtSession.Result result, Set<String> allocated) {
    for (var slot : slots) {
      slot.accept(result, allocated);
    }
  }

  /** The shapes of the state's tensors, in the order of the pairs. */
  List<long[]> shapes() {
    return slots.stream().map(StateSlot::shape).toList();
  }

  /** The size of the tensors, in bytes. */
  long bytes() {
    return slots.stream().mapToLong(StateSlot::bytes).sum();
  }

  /** A copy of the state, in the order of the pairs. */
  List<Tensor> copy() {
    return slots.stream().map(StateSlot::copy).toList();
  }

  /**
   * The state, in the order of the pairs, to be read before the next call: reserved memory itself,
   * and copies of other tensors.
   */
  List<Tensor> read() {
    return slots.stream().map(StateSlot::read).toList();
  }

  /** Whether a copy has the sliding window of this state. */
  boolean hasWindow(List<Tensor> copies) {
    return IntStream.range(0, slots.size())
        .filter(i -> slots.get(i).pair().role() == StateRole.WINDOW)
        .allMatch(i -> Arrays.equals(starts.get(i).longs(), copies.get(i).longs()));
  }

  /** Continues from a copy, which it copies again. If it fails, the state is unchanged. */
  void restore(List<Tensor> copies) {
    continueFrom(copies.stream().map(StateSlot::copy).toList());
  }

  private void continueFrom(List<Tensor> tensors) {
    var natives = NativeTensors.wrap(environment, tensors);
    for (int i = 0; i < natives.length; i++) {
      slots.get(i).replace(natives[i]);
    }
  }

  /** Whether {@link #concatenate} is possible: sizes differ along buffers only. */
  static boolean canConcatenate(List<StateTensors> parts) {
    var first = parts.get(0).slots;
    for (int i = 0; i < first.size(); i++) {
      int state = i;
      var pair = first.get(i).pair();
      var shapes = parts.stream().map(part -> part.slots.get(state).shape()).toList();
      var shape = RowConcatenation.shape(shapes, pair.growingAxis());
      double limit = Integer.MAX_VALUE / (double) pair.type().bytes();
      if (shape.isEmpty()
          || Arrays.stream(shape.get()).asDoubleStream().reduce(1, (a, b) -> a * b) > limit) {
        return false;
      }
    }
    return true;
  }

  /** Continues from the rows of {@code parts}, concatenated; smaller buffers are padded. */
  void concatenate(List<StateTensors> parts) {
    var all = new ArrayList<Tensor>();
    for (int i = 0; i < slots.size(); i++) {
      int state = i;
      var copies = parts.stream().map(part -> part.slots.get(state).nativeCopy()).toList();
      all.add(RowConcatenation.of(copies, slots.get(i).pair().growingAxis()));
    }
    continueFrom(all);
  }

  /** Continues from rows of {@code other}: row {@code i} from its row {@code rows[i]}. */
  void select(StateTensors other, int... rows) {
    var selected = new ArrayList<Tensor>();
    for (var slot : other.slots) {
      int axis = slot.pair().first().indexOf(StateTensor.BATCH);
      var copy = slot.nativeCopy();
      selected.add(axis < 0 ? copy : RowSelection.of(copy, axis, rows));
    }
    continueFrom(selected);
  }

  /** Returns to the initial state. */
  void reset() {
    slots.forEach(StateSlot::reset);
  }

  @Override
  public void close() {
    slots.forEach(StateSlot::close);
    reserved.ifPresent(ReservedState::close);
  }
}
