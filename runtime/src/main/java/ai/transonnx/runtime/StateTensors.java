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
import org.jspecify.annotations.Nullable;

/**
 * The native state of a loop. What one call gives is handed to the next as it is, never copied to
 * Java; what it replaces is freed at once. Buffers with room for a call are written in place.
 */
final class StateTensors implements AutoCloseable {
  private final List<StatePair> pairs;
  // Made once and kept: a loop may start again, and the runtime may still refer to their buffers.
  private final Tensor[] starts;
  private final OnnxTensor[] first;
  private final OnnxTensor[] current;
  private final OrtEnvironment environment;
  // What was restored, whose memory the native tensors refer to.
  private final @Nullable Tensor[] held;

  /**
   * @param window that the pair of this name begins with, if there is one
   */
  StateTensors(OrtEnvironment environment, List<StatePair> pairs, int batch, int window) {
    this.environment = environment;
    this.pairs = pairs;
    this.held = new Tensor[pairs.size()];
    this.starts = pairs.stream().map(pair -> pair.first(batch, window)).toArray(Tensor[]::new);
    this.first = new OnnxTensor[starts.length];
    for (int i = 0; i < starts.length; i++) {
      first[i] = NativeTensors.wrap(environment, starts[i]);
    }
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
      if (given != first[i] && (pair.isKeptInPlace() || used <= capacity(i))) {
        outputs.remove(pair.output());
        pinned.put(pair.output(), given);
      } else {
        pinned.remove(pair.output());
        outputs.add(pair.output());
      }
    }
  }

  private long capacity(int i) {
    int axis = pairs.get(i).bufferAxis();
    return axis < 0 ? -1 : current[i].getInfo().getShape()[axis];
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
    if (current[i] != first[i]) {
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

  /**
   * Checks that a copy is of a loop with the same window.
   *
   * @throws RequestException if it is of another
   */
  void checkWindow(List<Tensor> copies) {
    for (int i = 0; i < current.length; i++) {
      if (pairs.get(i).isWindow() && !Arrays.equals(starts[i].longs(), copies.get(i).longs())) {
        throw new RequestException(
            "this state is of a loop that does something else when its window is full");
      }
    }
  }

  /** Goes on from a copy, which it copies again. */
  void restore(List<Tensor> copies) {
    for (int i = 0; i < current.length; i++) {
      var copy = copies.get(i);
      var own = ByteBuffer.allocateDirect(copy.data().remaining()).put(copy.data()).flip();
      held[i] = Tensor.of(copy.type(), own, copy.shape());
      replace(i, NativeTensors.wrap(environment, held[i]));
    }
  }

  /**
   * Whether the rows of others can go side by side: what each keeps of a row is of one size, but
   * for the slots of buffers.
   */
  static boolean stack(List<StateTensors> parts) {
    var pairs = parts.get(0).pairs;
    for (int i = 0; i < pairs.size(); i++) {
      int state = i;
      var shapes = parts.stream().map(part -> part.current[state].getInfo().getShape()).toList();
      var shape = Stacking.shape(shapes, pairs.get(i).bufferAxis());
      double limit = Integer.MAX_VALUE / (double) pairs.get(i).type().bytes();
      if (shape.isEmpty()
          || Arrays.stream(shape.get()).asDoubleStream().reduce(1, (a, b) -> a * b) > limit) {
        return false;
      }
    }
    return true;
  }

  /** Goes on where the rows of others stand, which {@link #stack}, one behind the other. */
  void join(List<StateTensors> parts) {
    for (int i = 0; i < current.length; i++) {
      var pair = pairs.get(i);
      var copies = new ArrayList<Tensor>();
      for (var part : parts) {
        copies.add(NativeTensors.copy(pair.input(), part.current[i]));
      }
      held[i] = Stacking.of(copies, pair.bufferAxis());
      replace(i, NativeTensors.wrap(environment, held[i]));
    }
  }

  /** Goes back to zeros. */
  void reset() {
    for (int i = 0; i < current.length; i++) {
      replace(i, first[i]);
    }
  }

  @Override
  public void close() {
    reset();
    for (OnnxTensor tensor : first) {
      tensor.close();
    }
  }
}
