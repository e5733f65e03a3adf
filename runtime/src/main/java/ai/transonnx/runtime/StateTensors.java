package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The native state of a loop. The tensors that one call returns are the inputs of the next, without
 * a copy in Java. Those that they replace are freed at once, unless they belong to a {@linkplain
 * #checkpoint checkpoint}, or the state has one size: then the next call writes to them, because a
 * tensor that ONNX Runtime's Java API creates costs several microseconds. Buffers with room for a
 * call are written in place.
 */
final class StateTensors implements AutoCloseable {
  private final List<StateTensor> pairs;
  // Created once, because a loop may be reset.
  private final List<Tensor> starts;
  private final OnnxTensor[] first;
  private final OnnxTensor[] current;
  // Tensors of the same shape as the current ones, which calls may write to.
  private final @Nullable OnnxTensor[] spare;
  private final OrtEnvironment environment;
  private final Optional<ReservedState> reserved;
  private boolean isReserveUsed;
  // The native tensors over reserved memory, and the same memory in Java.
  private final @Nullable OnnxTensor[] reservedNatives;
  private final @Nullable Tensor[] reservedTensors;
  // The checkpoint, which calls must not change.
  private OnnxTensor @Nullable [] kept;

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
    this.pairs = pairs;
    this.starts = pairs.stream().map(pair -> first(pair, batch, window)).toList();
    this.first = NativeTensors.wrap(environment, starts);
    this.current = first.clone();
    this.spare = new OnnxTensor[first.length];
    this.reservedNatives = new OnnxTensor[first.length];
    this.reservedTensors = new Tensor[first.length];
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
    return first.length == 0;
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
    for (int i = 0; i < current.length; i++) {
      var pair = pairs.get(i);
      var tensor = isFirst && !(isReserved && isReserved(i)) ? first[i] : current[i];
      inputs.put(pair.input(), tensor);
      var target = tensor != first[i] && isInPlace(i, used) ? tensor : spare[i];
      if (target == null) {
        pinned.remove(pair.output());
        outputs.add(pair.output());
      } else {
        outputs.remove(pair.output());
        pinned.put(pair.output(), target);
      }
    }
  }

  /** Makes reserved buffers the current state; false if there are none, or they have been used. */
  private boolean startInReserve() {
    if (reserved.isEmpty() || isReserveUsed) {
      return false;
    }
    isReserveUsed = true;
    for (int i = 0; i < current.length; i++) {
      var tensor = reserved.get().take(pairs.get(i));
      if (tensor.isPresent()) {
        var made = NativeTensors.wrap(environment, tensor.get());
        reservedTensors[i] = tensor.get();
        reservedNatives[i] = made;
        replace(i, made);
      }
    }
    return true;
  }

  /** Whether the current tensor is in reserved memory. */
  private boolean isReserved(int i) {
    return reservedNatives[i] == current[i];
  }

  /** Whether a call may write the tensor to the memory that it reads it from. */
  private boolean isInPlace(int i, long used) {
    return switch (pairs.get(i).role()) {
      case CONTEXT -> true;
      case GROUP -> !isKept(i);
      case BUFFER, RING -> !isKept(i) && hasRoom(i, used);
      case RECURRENT, MEMORY, COUNTER, WINDOW -> false;
    };
  }

  /** Whether the tensor is a buffer that the call returns in the same shape. */
  private boolean hasRoom(int i, long used) {
    int axis = pairs.get(i).growingAxis();
    return axis < 0 || used <= current[i].getInfo().getShape()[axis];
  }

  /**
   * Keeps the current state until {@link #commit} or {@link #rollback}; no effect if one is kept.
   */
  void checkpoint() {
    if (kept == null) {
      kept = current.clone();
    }
  }

  private boolean isKept(int i) {
    return kept != null && kept[i] == current[i];
  }

  /** Returns to the checkpoint, if there is one. */
  void rollback() {
    if (kept != null) {
      var before = kept;
      for (int i = 0; i < current.length; i++) {
        replace(i, before[i]);
      }
      kept = null;
    }
  }

  /** Drops the checkpoint. */
  void commit() {
    if (kept != null) {
      for (int i = 0; i < current.length; i++) {
        if (kept[i] != current[i]) {
          release(i, kept[i]);
        }
      }
      kept = null;
    }
  }

  /** Stores the next state from a call's result. */
  void accept(OrtSession.Result result, Set<String> allocated) {
    for (int i = 0; i < current.length; i++) {
      String output = pairs.get(i).output();
      var written = spare[i];
      if (allocated.contains(output)) {
        replace(i, (OnnxTensor) result.get(output).orElseThrow());
      } else if (written != null) {
        spare[i] = null;
        replace(i, written);
      }
    }
  }

  private void replace(int i, OnnxTensor tensor) {
    if (current[i] != tensor && !isKept(i)) {
      release(i, current[i]);
    }
    current[i] = tensor;
  }

  /** The shapes of the state's tensors, in the order of the pairs. */
  List<long[]> shapes() {
    return Arrays.stream(current).map(tensor -> tensor.getInfo().getShape()).toList();
  }

  /** The size of the tensors, in bytes. */
  long bytes() {
    return IntStream.range(0, current.length)
        .mapToLong(i -> current[i].getInfo().getNumElements() * pairs.get(i).type().bytes())
        .sum();
  }

  /** Keeps a tensor that is no longer needed for a later call, or frees it. */
  private void release(int i, OnnxTensor tensor) {
    if (tensor == first[i]) {
      return;
    }
    if (hasOneSize(i) && spare[i] == null) {
      spare[i] = tensor;
    } else {
      tensor.close();
    }
  }

  private boolean hasOneSize(int i) {
    return switch (pairs.get(i).role()) {
      case RECURRENT, COUNTER, WINDOW -> true;
      case MEMORY, BUFFER, RING, GROUP, CONTEXT -> false;
    };
  }

  /** A copy of the state, in the order of the pairs. */
  List<Tensor> copy() {
    var copies = new ArrayList<Tensor>();
    for (int i = 0; i < current.length; i++) {
      var inMemory = isReserved(i) ? reservedTensors[i] : null;
      copies.add(inMemory == null ? copy(i) : copy(inMemory));
    }
    return copies;
  }

  /**
   * The state, in the order of the pairs, to be read before the next call: reserved memory itself,
   * and copies of other tensors.
   */
  List<Tensor> read() {
    var tensors = new ArrayList<Tensor>();
    for (int i = 0; i < current.length; i++) {
      var inMemory = isReserved(i) ? reservedTensors[i] : null;
      tensors.add(inMemory == null ? copy(i) : inMemory);
    }
    return tensors;
  }

  private Tensor copy(int i) {
    return NativeTensors.copy(pairs.get(i).input(), current[i]);
  }

  /** Whether a copy has the sliding window of this state. */
  boolean hasWindow(List<Tensor> copies) {
    return IntStream.range(0, current.length)
        .filter(i -> pairs.get(i).role() == StateRole.WINDOW)
        .allMatch(i -> Arrays.equals(starts.get(i).longs(), copies.get(i).longs()));
  }

  /** Continues from a copy, which it copies again. If it fails, the state is unchanged. */
  void restore(List<Tensor> copies) {
    continueFrom(copies.stream().map(StateTensors::copy).toList());
  }

  private static Tensor copy(Tensor tensor) {
    var own = ByteBuffer.allocateDirect(tensor.data().remaining()).put(tensor.data()).flip();
    return Tensor.of(tensor.type(), own, tensor.shape());
  }

  private void continueFrom(List<Tensor> tensors) {
    var natives = NativeTensors.wrap(environment, tensors);
    for (int i = 0; i < current.length; i++) {
      replace(i, natives[i]);
    }
  }

  /** Whether {@link #concatenate} is possible: sizes differ along buffers only. */
  static boolean canConcatenate(List<StateTensors> parts) {
    var pairs = parts.get(0).pairs;
    for (int i = 0; i < pairs.size(); i++) {
      int state = i;
      var shapes = parts.stream().map(part -> part.current[state].getInfo().getShape()).toList();
      var shape = RowConcatenation.shape(shapes, pairs.get(i).growingAxis());
      double limit = Integer.MAX_VALUE / (double) pairs.get(i).type().bytes();
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
    for (int i = 0; i < current.length; i++) {
      var pair = pairs.get(i);
      var copies = new ArrayList<Tensor>();
      for (var part : parts) {
        copies.add(NativeTensors.copy(pair.input(), part.current[i]));
      }
      all.add(RowConcatenation.of(copies, pair.growingAxis()));
    }
    continueFrom(all);
  }

  /** Continues from rows of {@code other}: row {@code i} from its row {@code rows[i]}. */
  void select(StateTensors other, int... rows) {
    var selected = new ArrayList<Tensor>();
    for (int i = 0; i < current.length; i++) {
      var pair = pairs.get(i);
      int axis = pair.first().indexOf(StateTensor.BATCH);
      var copy = NativeTensors.copy(pair.input(), other.current[i]);
      selected.add(axis < 0 ? copy : RowSelection.of(copy, axis, rows));
    }
    continueFrom(selected);
  }

  /** Returns to the initial state. */
  void reset() {
    for (int i = 0; i < current.length; i++) {
      replace(i, first[i]);
    }
  }

  @Override
  public void close() {
    rollback();
    reset();
    for (int i = 0; i < first.length; i++) {
      first[i].close();
      var unused = spare[i];
      if (unused != null) {
        unused.close();
      }
    }
    reserved.ifPresent(ReservedState::close);
  }
}
