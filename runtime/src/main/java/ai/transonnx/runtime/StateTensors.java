package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The native state of a loop. What one call gives is handed to the next as it is, never copied to
 * Java; what it replaces is freed at once, unless it is {@linkplain #checkpoint kept}. Buffers with
 * room for a call are written in place.
 */
final class StateTensors implements AutoCloseable {
  private final List<StatePair> pairs;
  // Made once and kept: a loop may start again.
  private final List<Tensor> starts;
  private final OnnxTensor[] first;
  private final OnnxTensor[] current;
  private final OrtEnvironment environment;
  // What calls may go back to, which they must not change.
  private OnnxTensor @Nullable [] kept;

  /**
   * @param window that the pair of this name begins with, if there is one
   */
  StateTensors(OrtEnvironment environment, List<StatePair> pairs, int batch, int window) {
    this.environment = environment;
    this.pairs = pairs;
    this.starts = pairs.stream().map(pair -> pair.first(batch, window)).toList();
    this.first = NativeTensors.wrap(environment, starts);
    this.current = first.clone();
  }

  boolean isEmpty() {
    return first.length == 0;
  }

  /**
   * Adds the state to a call's inputs, and what comes of it to its outputs: those that the runtime
   * allocates, or those that are written where they are read.
   *
   * @param used how many slots of buffers are used when the call has ended
   * @param fresh whether the call starts from zeros, whatever came before
   */
  void give(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> pinned,
      long used,
      boolean fresh) {
    for (int i = 0; i < current.length; i++) {
      var pair = pairs.get(i);
      var given = fresh ? first[i] : current[i];
      inputs.put(pair.input(), given);
      if (given != first[i] && (pair.isContext() || (!isKept(i) && hasRoom(i, used)))) {
        outputs.remove(pair.output());
        pinned.put(pair.output(), given);
      } else {
        pinned.remove(pair.output());
        outputs.add(pair.output());
      }
    }
  }

  /** Whether the tensor is a buffer that comes out in the shape it has. */
  private boolean hasRoom(int i, long used) {
    int axis = pairs.get(i).bufferAxis();
    return axis < 0 ? pairs.get(i).isOfOneSize() : used <= current[i].getInfo().getShape()[axis];
  }

  /** Keeps what there is, until calls have ended well or it is gone back to. */
  void checkpoint() {
    if (kept == null) {
      kept = current.clone();
    }
  }

  private boolean isKept(int i) {
    return kept != null && kept[i] == current[i];
  }

  /** Goes back to what is kept, if anything is. */
  void rollback() {
    if (kept != null) {
      var before = kept;
      for (int i = 0; i < current.length; i++) {
        replace(i, before[i]);
      }
      kept = null;
    }
  }

  /** Keeps nothing any more. */
  void commit() {
    if (kept != null) {
      for (int i = 0; i < current.length; i++) {
        if (kept[i] != current[i] && kept[i] != first[i]) {
          kept[i].close();
        }
      }
      kept = null;
    }
  }

  /** Takes the state over from a call's outputs. */
  void take(OrtSession.Result result, Set<String> allocated) {
    for (int i = 0; i < current.length; i++) {
      String output = pairs.get(i).output();
      if (allocated.contains(output)) {
        replace(i, (OnnxTensor) result.get(output).orElseThrow());
      }
    }
  }

  private void replace(int i, OnnxTensor tensor) {
    if (current[i] != first[i] && !isKept(i)) {
      current[i].close();
    }
    current[i] = tensor;
  }

  /** A copy of the state, in the order of the pairs. */
  List<Tensor> copy() {
    var copies = new ArrayList<Tensor>();
    for (int i = 0; i < current.length; i++) {
      copies.add(NativeTensors.copy(pairs.get(i).input(), current[i]));
    }
    return copies;
  }

  /** Whether a copy is of a loop with the same window. */
  boolean hasWindow(List<Tensor> copies) {
    return IntStream.range(0, current.length)
        .filter(i -> pairs.get(i).isWindow())
        .allMatch(i -> Arrays.equals(starts.get(i).longs(), copies.get(i).longs()));
  }

  /** Goes on from a copy, which it copies again. If it fails, all is as before. */
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
      var shape = RowConcatenation.shape(shapes, pairs.get(i).bufferAxis());
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
      all.add(RowConcatenation.of(copies, pair.bufferAxis()));
    }
    continueFrom(all);
  }

  /** Goes back to zeros. */
  void reset() {
    for (int i = 0; i < current.length; i++) {
      replace(i, first[i]);
    }
  }

  @Override
  public void close() {
    rollback();
    reset();
    for (OnnxTensor tensor : first) {
      tensor.close();
    }
  }
}
