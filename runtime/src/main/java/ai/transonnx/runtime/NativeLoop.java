package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The native side of a {@link TokenLoop}: its buffers and state, and one call with them. */
final class NativeLoop implements AutoCloseable {
  private final NativeSession session;
  private final int batch;
  private final TokenBuffer tokens;
  private final StateTensors state;
  private final LogitsBuffer logits;

  // Filled for each call, and kept so that a call allocates nothing.
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Map<String, OnnxTensor> pinned = new HashMap<>();

  NativeLoop(OnnxModel model, int batch) {
    var environment = model.session().environment();
    var signature = model.signature();
    this.session = model.session();
    this.batch = batch;
    this.tokens = new TokenBuffer(environment, batch);
    this.logits =
        new LogitsBuffer(
            environment,
            signature.input(OnnxModel.TOKENS).orElseThrow(),
            signature.output(OnnxModel.LOGITS).orElseThrow());
    this.state = new StateTensors(environment, model.metadata().state(), batch);
    model.metadata().state().forEach(pair -> outputs.add(pair.output()));
  }

  /** The tokens of the next call, [b, n], to be written before it. */
  LongBuffer tokens(int n) {
    inputs.put(OnnxModel.TOKENS, tokens.shaped(n));
    return tokens.tokens();
  }

  /**
   * Runs the model on the tokens written; if it fails, the state is as before.
   *
   * @param fresh whether the state starts from zeros
   */
  void run(int n, boolean fresh, Cancellation cancellation) {
    OnnxTensor buffer = logits.pin(batch, n);
    if (buffer != null) {
      pinned.put(OnnxModel.LOGITS, buffer);
    } else {
      outputs.add(OnnxModel.LOGITS);
    }
    state.give(inputs, fresh);
    // Closed as a whole only on failure: the state takes its tensors over.
    var result = session.run(inputs, outputs, pinned, cancellation);
    if (buffer == null) {
      copyLogits(result);
    }
    state.take(result);
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
    logits.close();
    state.close();
  }
}
