package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** The native side of a loop: its buffers and state, and the calls with them that a feed takes. */
final class NativeCalls implements AutoCloseable {
  /** What is fed. */
  interface Positions {
    /**
     * Writes {@code n} positions of each row to {@code into}: [b, n, ...], row-major.
     *
     * @param behind how many positions follow them
     */
    void copy(int n, int behind, ByteBuffer into);
  }

  private final OnnxModel model;
  private final int batch;
  private final String inputName;
  private final StaticInputs given;
  private final InputBuffer input;
  private final StateTensors state;
  private final OutputBuffer output;
  private final CacheLayout slots;

  /** Whether there has been a call: those that follow are not turned away. */
  private boolean goesOn;

  // Filled for each call.
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Map<String, OnnxTensor> pinned = new HashMap<>();

  /**
   * @param slots how positions take the slots of buffers
   * @param window that the state begins with, if the model has one; 0 for none
   */
  NativeCalls(
      OnnxModel model,
      LoopContract.SequencePorts ends,
      int batch,
      Map<String, Tensor> given,
      CacheLayout slots,
      int window) {
    var environment = model.session().environment();
    this.model = model;
    this.batch = batch;
    this.inputName = ends.input().name();
    this.input = new InputBuffer(environment, ends.input(), batch);
    this.output = new OutputBuffer(environment, ends.input(), ends.output());
    this.slots = slots;
    this.given = new StaticInputs(environment, given);
    try {
      this.state = new StateTensors(environment, model.metadata().state(), batch, window);
    } catch (RuntimeException | Error e) {
      this.given.close();
      throw e;
    }
  }

  /** The bytes of a position. */
  int width() {
    return input.width();
  }

  /**
   * Feeds positions, in as many calls as the model's buffers ask for. If one fails, all is as it
   * was before the first.
   *
   * @param before how many positions the state has seen, of each row or of all; of 0, it starts
   *     from zeros
   */
  void feed(int n, Positions positions, Cancellation cancellation, long... before) {
    try {
      for (int fed = 0; fed < n; ) {
        int already = fed;
        var seen = LongStream.of(before).map(count -> count + already).toArray();
        int count = Math.min(n - fed, room(seen));
        fed += count;
        positions.copy(count, n - fed, input(count));
        if (count < n || LongStream.of(seen).anyMatch(row -> slots.rewrites(row, count))) {
          state.checkpoint();
        }
        run(count, seen, cancellation);
      }
    } catch (RuntimeException | Error e) {
      state.rollback();
      throw e;
    }
    state.commit();
    output.show();
  }

  private int room(long... seen) {
    return hasState()
        ? LongStream.of(seen).mapToInt(slots::room).min().orElseThrow()
        : Integer.MAX_VALUE;
  }

  private ByteBuffer input(int n) {
    inputs.put(inputName, input.shaped(n));
    return input.data();
  }

  private void run(int n, long[] seen, Cancellation cancellation) {
    OnnxTensor buffer = output.pin(batch, n);
    if (buffer == null) {
      pinned.remove(output.name());
      outputs.add(output.name());
    } else {
      outputs.remove(output.name());
      pinned.put(output.name(), buffer);
    }
    long most = LongStream.of(seen).max().orElseThrow();
    boolean starts = most == 0;
    given.give(inputs, starts);
    state.give(inputs, outputs, pinned, slots.used(most + n), starts);
    // Closed as a whole only on failure: the state takes its tensors over.
    var result = model.session().run(inputs, outputs, pinned, goesOn, cancellation);
    goesOn = true;
    if (buffer == null) {
      acceptAllocated(result);
    }
    state.take(result, outputs);
  }

  private void acceptAllocated(OrtSession.Result result) {
    var allocated = (OnnxTensor) result.get(output.name()).orElseThrow();
    try {
      output.accept(allocated, batch);
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
    allocated.close();
  }

  /** Whether a state is one of a loop with the same window. */
  boolean hasWindow(List<Tensor> copies) {
    return state.hasWindow(copies);
  }

  List<Tensor> copyState() {
    return state.copy();
  }

  /** A copy of the last position's output, [b, 1, V]. */
  Tensor copyOutput() {
    return output.copyLast();
  }

  /** Goes on as if it had computed this state and this output. If it fails, all is as before. */
  void restore(List<Tensor> copies, Tensor lastOutput) {
    output.accept(lastOutput);
    state.restore(copies);
    output.show();
  }

  /** Whether {@link #join} is possible. */
  static boolean stack(List<NativeCalls> parts) {
    return StateTensors.stack(parts.stream().map(part -> part.state).toList());
  }

  /** Goes on where the rows of others stand, one behind the other. */
  void join(List<NativeCalls> parts) {
    goesOn = true;
    output.accept(Stacking.of(parts.stream().map(NativeCalls::copyOutput).toList(), -1));
    state.join(parts.stream().map(part -> part.state).toList());
    output.show();
  }

  boolean hasState() {
    return !state.isEmpty();
  }

  void reset() {
    goesOn = false;
    state.reset();
  }

  /** The features of a position's output. */
  int features() {
    return output.features();
  }

  /**
   * Reads what follows the last position of a row.
   *
   * @throws RequestException if there is no such row, or it does not go into the numbers given
   */
  void readLast(int row, float[] into) {
    if (row < 0 || row >= batch || into.length < features()) {
      throw new RequestException(
          "what follows row %s of %s does not go into %s numbers; it has %s"
              .formatted(row, batch, into.length, features()));
    }
    output.readLast(row, into);
  }

  @Override
  public void close() {
    input.close();
    given.close();
    output.close();
    state.close();
  }
}
