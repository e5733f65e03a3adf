package ai.transonnx.runtime;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.runtime.internal.scan.ModelScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A loaded model. Many threads may use it at once. It holds native memory until it is closed.
 *
 * <pre>{@code
 * try (OnnxModel model = OnnxModel.load(Path.of("model.onnx"))) {
 *   Tensor tokens = Tensor.ofLongs(new long[] {72, 105}, 1, 2); // [b, n]
 *   Tensor logits = model.run(Map.of("tokens", tokens)).get("logits"); // [b, n, V]
 *   model.run(Map.of("token", tokens)); // NameException: the model has no input 'token'
 * }
 * }</pre>
 *
 * @see TokenLoop to feed tokens one after the other, with state
 */
public final class OnnxModel implements AutoCloseable {
  /** The input of tokens: int64 [b, n]. */
  public static final String TOKENS = "tokens";

  /** The input of the decoder's tokens in an encoder-decoder: int64 [b, n]. */
  public static final String TARGET = "tgt";

  /** The input of the encoder's tokens in an encoder-decoder: int64 [b, m]. */
  public static final String SOURCE = "src";

  /** The input with the number of padding positions before each row, int64 {@code [b]}. */
  public static final String START = "seq_start_pos";

  /** The input of the numbers that tokens stand for: floating-point [b, n]. */
  static final String NUMBERS = "x_num";

  /** The output of the predicted numbers: [b, n]. */
  static final String PREDICTED_NUMBERS = "numerical_pred";

  /** The output of the next token's scores at each position: [b, n, V]. */
  static final String LOGITS = "logits";

  /** The input of vectors: [b, n, d]. */
  static final String X = "x";

  /** The output of vectors: [b, n, d]. */
  static final String OUT = "out";

  private final Path file;
  private final NativeSession session;
  private final Signature signature;
  private final ModelMetadata metadata;
  private final TokenInputs tokenInputs;
  private final TokenVocabulary inputVocabulary;
  private final InputChecks checks;

  private OnnxModel(Path file, NativeSession session, ModelMetadata metadata, InputChecks checks) {
    var signature = session.signature();
    this.file = file;
    this.checks = checks;
    this.session = session;
    this.signature = signature;
    this.metadata = metadata;
    this.tokenInputs = new TokenInputs(signature, metadata);
    var range = metadata.vocabulary(signature.input(TOKENS).isPresent() ? TOKENS : TARGET);
    this.inputVocabulary = range.count().isPresent() ? range : new TokenVocabulary(vocabulary());
  }

  /** Loads a model with {@link ModelOptions#defaults}. */
  public static OnnxModel load(Path file) {
    return load(file, ModelOptions.defaults());
  }

  /** Loads a model, for as long as that takes. */
  public static OnnxModel load(Path file, ModelOptions options) {
    return load(file, options, new Cancellation());
  }

  /**
   * Loads a model, with its external weights in the same directory. Weights are read when they are
   * needed, so do not write to the files while the model is open; to replace one, rename another
   * file over it.
   *
   * <p>ONNX Runtime cannot stop loading. A cancelled load continues on a thread of its own, with
   * its memory, and is closed when it ends; only the end of the process stops it earlier.
   *
   * @param cancellation cancels the call, and so does an interrupt of the thread
   * @throws ModelException if {@link #check} refuses the file, ONNX Runtime rejects it, or its
   *     metadata are malformed
   * @throws CancelledException if {@code cancellation} ends the call, a {@link DeadlineException}
   *     if its deadline passed; or if the thread is interrupted
   * @throws DeviceException if the requested device is not available
   * @throws MemoryLimitException if there is not enough memory
   */
  public static OnnxModel load(Path file, ModelOptions options, Cancellation cancellation) {
    return new ModelLoad(file, options).await(cancellation);
  }

  /**
   * Checks a file as {@link #load} does before ONNX Runtime reads it: for everything known that
   * would end the process, never end, or take memory out of proportion. A file that passes may
   * still be invalid, and its operators may need any time and memory when it is loaded and run.
   *
   * @throws ModelException if the file is missing or damaged, or exceeds a limit
   */
  public static void check(Path file) {
    try {
      PlainFile.check(file);
    } catch (IOException e) {
      throw new ModelException(file, FileErrors.unreadable(e), e);
    }
    try {
      ModelScan.check(file);
    } catch (InputException e) {
      throw new ModelException(e);
    }
  }

  /** Checks and loads a file on this thread. */
  static OnnxModel loadHere(Path file, ModelOptions options) {
    check(file);
    NativeSession session = NativeSession.open(file, options);
    try {
      Signature signature = session.signature();
      var metadata = MetadataReader.read(file, session.metadata(), signature);
      return new OnnxModel(file, session, metadata, options.inputChecks());
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  public Path file() {
    return file;
  }

  /** The device that computes. */
  public Device device() {
    return session.device();
  }

  /** The inputs and outputs. */
  public Signature signature() {
    return signature;
  }

  public ModelMetadata metadata() {
    return metadata;
  }

  /** The size of the vocabulary: the last dimension of output {@code logits}, if it is fixed. */
  public OptionalInt vocabulary() {
    return signature
        .output(LOGITS)
        .filter(logits -> logits.rank() > 0)
        .map(logits -> logits.fixedSize(logits.rank() - 1))
        .filter(size -> size.isPresent() && size.getAsLong() <= Integer.MAX_VALUE)
        .map(size -> OptionalInt.of((int) size.getAsLong()))
        .orElse(OptionalInt.empty());
  }

  /**
   * The tokens that are possible in input {@code tokens}, or {@code tgt} of an encoder-decoder. If
   * the metadata has no number of tokens, it is the size of {@code logits}.
   */
  public TokenVocabulary inputVocabulary() {
    return inputVocabulary;
  }

  TokenInputs tokenInputs() {
    return tokenInputs;
  }

  /** Runs the model once and returns every output. */
  public Outputs run(Map<String, Tensor> inputs) {
    return run(inputs, signature.outputs().keySet(), new Cancellation());
  }

  /**
   * Runs the model once.
   *
   * @param inputs every input of the signature
   * @param outputs the names of the outputs to return
   * @param cancellation cancels the call
   * @throws NameException if an input is missing, or an input or output is unknown
   * @throws TypeException if an input has another type than in the signature
   * @throws ShapeException if an input has another shape, or is longer than the model allows
   * @throws TokenException if a token is negative or not in the vocabulary
   * @throws BusyException if the wait queue is full, see {@link ModelOptions#runLimit}
   * @throws CancelledException if {@code cancellation} ends the call, a {@link DeadlineException}
   *     if its deadline passed; or if the thread is interrupted before the call runs
   * @throws ClosedException if the model is closed
   * @throws MemoryLimitException if the call needs more memory than is available or than {@link
   *     ModelOptions#memoryLimit} allows
   * @throws RunException if ONNX Runtime fails
   */
  public Outputs run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
    check(inputs);
    checkOutputs(outputs);
    try {
      return new NativeRun(session, inputs).outputs(outputs, cancellation);
    } catch (RunException e) {
      throw reason(e, inputs);
    }
  }

  /**
   * Runs the model once and writes outputs into tensors of the caller, so that no copy of them is
   * made. If it fails, their content is undefined.
   *
   * @param inputs every input of the signature
   * @param targets the outputs to compute, over direct buffers, with the shapes that they will have
   * @param cancellation cancels the call
   * @throws TypeException if a target has another type than its output, or no direct buffer
   * @throws InferenceException as {@link #run(Map, Set, Cancellation)}; a {@link RunException} if a
   *     target has another shape than its output
   */
  public void run(
      Map<String, Tensor> inputs, Map<String, Tensor> targets, Cancellation cancellation) {
    check(inputs);
    checkOutputs(targets.keySet());
    try {
      new NativeRun(session, inputs).writeTo(targets, cancellation);
    } catch (RunException e) {
      throw reason(e, inputs);
    }
  }

  private void checkOutputs(Set<String> outputs) {
    if (outputs.isEmpty()) {
      throw new RequestException("no output is requested");
    }
    for (String name : outputs) {
      if (signature.output(name).isEmpty()) {
        throw new NameException(
            "the model has no output '%s'; it has %s"
                .formatted(name, signature.outputs().values()));
      }
    }
  }

  private void check(Map<String, Tensor> inputs) {
    switch (checks) {
      case ALL -> {
        signature.checkInputs(inputs);
        tokenInputs.check(inputs);
      }
      case NAMES_AND_TYPES -> signature.checkNamesAndTypes(inputs);
    }
  }

  private InferenceException reason(RunException failure, Map<String, Tensor> inputs) {
    return checks == InputChecks.NAMES_AND_TYPES
        ? failure
        : tokenInputs
            .reason(failure, inputs)
            .<InferenceException>map(reason -> reason)
            .orElse(failure);
  }

  NativeSession session() {
    return session;
  }

  /**
   * Waits for the calls that run, then frees native memory; calls that wait or come later fail with
   * a {@link ClosedException}. A second close has no effect.
   */
  @Override
  public void close() {
    session.close();
  }

  /**
   * Closes without waiting: the calls that run are stopped between two operators, and fail with a
   * {@link ClosedException}.
   */
  public void closeNow() {
    session.closeNow();
  }

  /** Such as {@code model.onnx: [tokens int64[b, n]] -> [logits float32[b, n, 256]]}. */
  @Override
  public String toString() {
    return file + ": " + signature.inputs().values() + " -> " + signature.outputs().values();
  }
}
