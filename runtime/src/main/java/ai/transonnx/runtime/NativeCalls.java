package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The native buffers and state of a loop, and the ONNX Runtime calls that a feed takes. */
final class NativeCalls implements AutoCloseable {
  private final OnnxModel model;
  private final int batch;
  private final List<InputBuffer> sequences;
  private final StaticInputs others;
  private final StateTensors state;
  private final List<OutputBuffer> sequenceOutputs;
  private final OutputBuffer output;
  private final CacheLayout layout;

  /** Whether the first call is done: later calls are not refused when the wait queue is full. */
  private boolean isContinuation;

  // Filled for each call.
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Map<String, OnnxTensor> pinned = new HashMap<>();

  /**
   * @param ports the inputs of the sequence with their outputs; the first output is the one that
   *     copies and restored states have
   * @param inputs the inputs besides the sequence and state
   * @param layout how positions take the slots of the state's buffers
   * @param window the sliding window that the state starts with, if the model has one; 0 for none
   * @param reserved the buffers in which the state starts, which this closes; empty to let ONNX
   *     Runtime allocate them
   */
  NativeCalls(
      OnnxModel model,
      List<LoopContract.SequencePorts> ports,
      int batch,
      Map<String, Tensor> inputs,
      CacheLayout layout,
      int window,
      Optional<ReservedState> reserved) {
    var environment = model.session().environment();
    this.model = model;
    this.batch = batch;
    var buffers = new ArrayList<InputBuffer>();
    int width = 0;
    for (var port : ports) {
      var buffer = new InputBuffer(environment, port.input(), batch, width);
      buffers.add(buffer);
      width += buffer.width();
    }
    this.sequences = List.copyOf(buffers);
    this.sequenceOutputs =
        ports.stream()
            .map(port -> new OutputBuffer(environment, port.input(), port.output()))
            .toList();
    this.output = sequenceOutputs.get(0);
    this.layout = layout;
    this.others = new StaticInputs(environment, LoopContract.withStart(model, batch, inputs));
    try {
      this.state = new StateTensors(environment, model.metadata().state(), batch, window, reserved);
    } catch (RuntimeException | Error e) {
      this.others.close();
      throw e;
    }
  }

  /** The bytes of a position. */
  int width() {
    return sequences.stream().mapToInt(InputBuffer::width).sum();
  }

  /**
   * Feeds the last {@code n} positions, in as many calls as the layout requires. If one fails, all
   * buffers are as before the first.
   *
   * @param before the number of positions that the state includes, for each row or one for all; if
   *     it is 0, the state starts from zeros
   */
  void feed(FedPositions positions, int n, Cancellation cancellation, long... before) {
    int start = positions.length() - n;
    try {
      for (int fed = 0; fed < n; ) {
        var seen = after(before, fed);
        int count = Math.min(n - fed, room(seen));
        for (var sequence : sequences) {
          inputs.put(sequence.name(), sequence.fill(positions, start + fed, count));
        }
        if (count < n || rewrites(seen, count)) {
          state.checkpoint();
        }
        run(count, seen, cancellation);
        fed += count;
      }
    } catch (RuntimeException | Error e) {
      state.rollback();
      throw e;
    }
    state.commit();
    for (var computed : sequenceOutputs) {
      computed.publish();
    }
  }

  // Loops instead of streams, here and below: this code runs for each token, with cold caches.
  private static long[] after(long[] before, int fed) {
    var seen = before.clone();
    for (int row = 0; row < seen.length; row++) {
      seen[row] += fed;
    }
    return seen;
  }

  private int room(long... seen) {
    int room = Integer.MAX_VALUE;
    if (hasState()) {
      for (long row : seen) {
        room = Math.min(room, layout.room(row));
      }
    }
    return room;
  }

  private boolean rewrites(long[] seen, int count) {
    for (long row : seen) {
      if (layout.rewrites(row, count)) {
        return true;
      }
    }
    return false;
  }

  private static long most(long... seen) {
    long most = seen[0];
    for (long row : seen) {
      most = Math.max(most, row);
    }
    return most;
  }

  private void run(int n, long[] seen, Cancellation cancellation) {
    for (var computed : sequenceOutputs) {
      OnnxTensor buffer = computed.pin(batch, n);
      if (buffer == null) {
        pinned.remove(computed.name());
        outputs.add(computed.name());
      } else {
        outputs.remove(computed.name());
        pinned.put(computed.name(), buffer);
      }
    }
    long most = most(seen);
    boolean isFirst = most == 0;
    others.addTo(inputs, isFirst);
    state.bind(inputs, outputs, pinned, layout.used(most + n), isFirst);
    // The result is closed as a whole only on failure, because the state takes over its tensors.
    var result = model.session().run(inputs, outputs, pinned, isContinuation, cancellation);
    isContinuation = true;
    for (var computed : sequenceOutputs) {
      if (outputs.contains(computed.name())) {
        acceptAllocated(computed, result);
      }
    }
    state.accept(result, outputs);
  }

  private void acceptAllocated(OutputBuffer computed, OrtSession.Result result) {
    var allocated = (OnnxTensor) result.get(computed.name()).orElseThrow();
    try {
      computed.accept(allocated, batch);
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
    allocated.close();
  }

  /** Whether a copy of a state has the sliding window of this one. */
  boolean hasWindow(List<Tensor> copies) {
    return state.hasWindow(copies);
  }

  /** The shapes of the state's tensors. */
  List<long[]> stateShapes() {
    return state.shapes();
  }

  /** The size of the state, in bytes. */
  long stateBytes() {
    return state.bytes();
  }

  List<Tensor> copyState() {
    return state.copy();
  }

  /** The state's tensors, to be read before the next call; see {@link StateTensors#read}. */
  List<Tensor> readState() {
    return state.read();
  }

  /** A copy of the output at the last position, [b, 1, V]. */
  Tensor copyOutput() {
    return output.copyLast();
  }

  /** Continues from a state and an output. If it fails, nothing has changed. */
  void restore(List<Tensor> copies, Tensor lastOutput) {
    output.accept(lastOutput);
    state.restore(copies);
    output.publish();
  }

  /** Whether {@link #concatenate} is possible. */
  static boolean canConcatenate(List<NativeCalls> parts) {
    return StateTensors.canConcatenate(parts.stream().map(part -> part.state).toList());
  }

  /** Continues from the rows of {@code parts}, concatenated. */
  void concatenate(List<NativeCalls> parts) {
    isContinuation = true;
    output.accept(RowConcatenation.of(parts.stream().map(NativeCalls::copyOutput).toList(), -1));
    state.concatenate(parts.stream().map(part -> part.state).toList());
    output.publish();
  }

  /** Continues from rows of {@code other}: row {@code i} from its row {@code rows[i]}. */
  void select(NativeCalls other, int... rows) {
    isContinuation = true;
    output.accept(RowSelection.of(other.copyOutput(), 0, rows));
    state.select(other.state, rows);
    output.publish();
  }

  boolean hasState() {
    return !state.isEmpty();
  }

  void reset() {
    isContinuation = false;
    state.reset();
  }

  /** The last dimension of the output. */
  int features() {
    return output.features();
  }

  /**
   * Copies the output at the last position of a row.
   *
   * @throws RequestException if there is no such row, or {@code target} is too short
   */
  void readLast(int row, float[] target) {
    checkTarget(row, target.length);
    output.readLast(row, target);
  }

  /** The number at the last position of a row, of the second output, which is [b, n]. */
  double readLastNumber(int row) {
    checkRows(row);
    var number = new double[1];
    sequenceOutputs.get(1).readLast(row, number);
    return number[0];
  }

  /** As {@link #readLast(int, float[])}, as float64. */
  void readLast(int row, double[] target) {
    checkTarget(row, target.length);
    output.readLast(row, target);
  }

  private void checkTarget(int row, int length) {
    checkRows(row);
    if (length < features()) {
      throw new RequestException(
          "the output buffer for row %s has %s floats; %s are needed"
              .formatted(row, length, features()));
    }
  }

  /**
   * Checks that there are such rows.
   *
   * @throws RequestException if there is none, or one does not exist
   */
  void checkRows(int... rows) {
    if (rows.length == 0) {
      throw new RequestException("no row is selected; select one or more");
    }
    for (int row : rows) {
      if (row < 0 || row >= batch) {
        throw new RequestException(
            "there is no row %s; the loop has %s rows".formatted(row, batch));
      }
    }
  }

  @Override
  public void close() {
    sequences.forEach(InputBuffer::close);
    others.close();
    sequenceOutputs.forEach(OutputBuffer::close);
    state.close();
  }
}
