package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The native side of a {@link TokenLoop}: its buffers and state, and one call with them. */
final class NativeLoop implements AutoCloseable {
  private final NativeSession session;
  private final int batch;
  private final String tokenInput;
  private final GivenInputs given;
  private final TokenBuffer tokens;
  private final StateTensors state;
  private final LogitsBuffer logits;
  private final int reserved;

  // Filled for each call, and kept so that a call allocates nothing.
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Map<String, OnnxTensor> pinned = new HashMap<>();

  NativeLoop(OnnxModel model, TensorSpec tokenInput, int batch, Map<String, Tensor> given) {
    var environment = model.session().environment();
    var signature = model.signature();
    this.session = model.session();
    this.batch = batch;
    this.tokenInput = tokenInput.name();
    this.given = new GivenInputs(environment, given);
    this.tokens = new TokenBuffer(environment, batch);
    this.logits =
        new LogitsBuffer(environment, tokenInput, signature.output(OnnxModel.LOGITS).orElseThrow());
    this.state = new StateTensors(environment, model.metadata().state(), batch);
    this.reserved = model.metadata().reservedSlots();
  }

  /** The tokens of the next call, [b, n], to be written before it. */
  LongBuffer tokens(int n) {
    inputs.put(tokenInput, tokens.shaped(n));
    return tokens.tokens();
  }

  /**
   * Runs the model on the tokens written; if it fails, the state is as before.
   *
   * @param used how many positions the state has seen when the call has ended
   * @param fresh whether the state starts from zeros
   */
  void run(int n, long used, boolean fresh, Cancellation cancellation) {
    OnnxTensor buffer = logits.pin(batch, n);
    if (buffer != null) {
      pinned.put(OnnxModel.LOGITS, buffer);
    } else {
      outputs.add(OnnxModel.LOGITS);
    }
    given.give(inputs, fresh || used == n || !hasState());
    state.give(inputs, outputs, pinned, reserved + used, fresh);
    // Closed as a whole only on failure: the state takes its tensors over.
    var result = session.run(inputs, outputs, pinned, cancellation);
    if (buffer == null) {
      copyLogits(result);
    }
    state.take(result, outputs);
  }

  private void copyLogits(OrtSession.Result result) {
    var allocated = (OnnxTensor) result.get(OnnxModel.LOGITS).orElseThrow();
    try {
      logits.copy(allocated, batch);
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
    allocated.close();
  }

  List<Tensor> copyState() {
    return state.copy();
  }

  Tensor copyLogits() {
    return logits.copyLast();
  }

  /** Goes on as if it had computed this state and these logits. */
  void restore(List<Tensor> copies, Tensor lastLogits) {
    state.restore(copies);
    logits.restore(lastLogits);
  }

  boolean hasState() {
    return !state.isEmpty();
  }

  void reset() {
    state.reset();
  }

  int vocabulary() {
    return logits.vocabulary();
  }

  void readLast(int row, float[] into) {
    logits.readLast(row, into);
  }

  @Override
  public void close() {
    tokens.close();
    given.close();
    logits.close();
    state.close();
  }
}
