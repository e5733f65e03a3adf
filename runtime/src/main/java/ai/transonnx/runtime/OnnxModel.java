package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.transonnx.runtime.device.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A loaded model. It may be used by many threads at once, and holds native memory until it is
 * closed.
 *
 * <pre>{@code
 * try (OnnxModel model = OnnxModel.load(Path.of("model.onnx"))) {
 *   Tensor tokens = Tensor.ofLongs(new long[] {72, 105}, 1, 2); // [b, n]
 *   Tensor logits = model.run(Map.of("tokens", tokens)).get("logits"); // [b, n, V]
 *   model.run(Map.of("token", tokens)); // NameException: the model has no input 'token'
 * }
 * }</pre>
 *
 * @see TokenLoop feeding tokens one after the other, with the model's state
 */
public final class OnnxModel implements AutoCloseable {
  /** The input that takes token numbers: int64 [b, n]. */
  public static final String TOKENS = "tokens";

  /** The input that takes them in a model that has a source, too. */
  public static final String TARGET = "tgt";

  /** The input that takes the tokens of a source: int64 [b, m]. */
  public static final String SOURCE = "src";

  /** The output that scores what comes after each position: [b, n, V]. */
  static final String LOGITS = "logits";

  /** The input that takes vectors: [b, n, d]. */
  static final String X = "x";

  /** The output that has one of each position: [b, n, d]. */
  static final String OUT = "out";

  private final Path file;
  private final NativeSession session;
  private final Signature signature;
  private final ModelMetadata metadata;
  private final TokenInputs tokenInputs;
  private final TokenVocabulary tokenRange;

  private OnnxModel(Path file, NativeSession session, Signature signature, ModelMetadata metadata) {
    this.file = file;
    this.session = session;
    this.signature = signature;
    this.metadata = metadata;
    this.tokenInputs = new TokenInputs(signature, metadata);
    var said = metadata.tokenRange(signature.input(TOKENS).isPresent() ? TOKENS : TARGET);
    this.tokenRange = said.count().isPresent() ? said : new TokenVocabulary(vocabulary());
  }

  /** Loads a model with {@link ModelOptions#defaults}. */
  public static OnnxModel load(Path file) {
    return load(file, ModelOptions.defaults());
  }

  /**
   * Loads a model; weights in an external file are looked for beside it. Weights are read from the
   * files as they are needed, so while a model is open they may be replaced by others, but not
   * written to.
   *
   * @throws ModelException if the file is missing or damaged, or its metadata malformed
   * @throws DeviceException if the device asked for is not available
   * @throws MemoryLimitException if there is not enough memory for it
   */
  public static OnnxModel load(Path file, ModelOptions options) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file, Files.exists(file) ? "not a file" : "no such file");
    }
    if (!Files.isReadable(file)) {
      throw new ModelException(file, "this file may not be read");
    }
    NativeSession session = NativeSession.open(file, options);
    try {
      Signature signature = session.signature();
      var metadata = MetadataReader.read(file, session.metadata(), signature);
      return new OnnxModel(file, session, signature, metadata);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  public Path file() {
    return file;
  }

  /** Where the model computes. */
  public Device device() {
    return session.device();
  }

  /** What the model takes and gives. */
  public Signature signature() {
    return signature;
  }

  public ModelMetadata metadata() {
    return metadata;
  }

  /** How many tokens are scored: the last dimension of output {@code logits}, if that is fixed. */
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
   * The tokens that input {@code tokens} takes, or {@code tgt} of a model that has a source. Where
   * the file does not say, they are those that {@code logits} score.
   */
  public TokenVocabulary tokenRange() {
    return tokenRange;
  }

  TokenInputs tokenInputs() {
    return tokenInputs;
  }

  /** Runs the model once and gives every output. */
  public Outputs run(Map<String, Tensor> inputs) {
    return run(inputs, signature.outputs().keySet(), new Cancellation());
  }

  /**
   * Runs the model once.
   *
   * @param inputs every input of the signature
   * @param outputs the names of the outputs to give
   * @param cancellation a way to end the call early
   * @throws NameException if an input is missing, or an input or output is unknown
   * @throws TypeException if an input is of another type than the signature says
   * @throws ShapeException if an input is of another shape, or longer than the model can take
   * @throws TokenException if a token is negative, or the model has no embedding of it
   * @throws BusyException if as many calls wait as {@link ModelOptions#runLimit} allows
   * @throws CancelledException if {@code cancellation} ends the call, a {@link DeadlineException}
   *     if its time was up; or if the thread is interrupted before it runs
   * @throws ClosedException if the model is closed
   * @throws MemoryLimitException if the call needs more memory than there is, or than {@link
   *     ModelOptions#memoryLimit} allows
   * @throws RunException if the runtime fails
   */
  public Outputs run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
    signature.checkInputs(inputs);
    tokenInputs.check(inputs);
    if (outputs.isEmpty()) {
      throw new RequestException("no output is asked for");
    }
    for (String name : outputs) {
      if (signature.output(name).isEmpty()) {
        throw new NameException(
            "the model has no output '%s'; it gives %s"
                .formatted(name, signature.outputs().values()));
      }
    }
    var natives = new LinkedHashMap<String, OnnxTensor>();
    try {
      inputs.forEach(
          (name, tensor) -> natives.put(name, NativeTensors.wrap(session.environment(), tensor)));
      try (var result = session.run(natives, outputs, Map.of(), false, cancellation)) {
        var tensors = new LinkedHashMap<String, Tensor>();
        for (Map.Entry<String, OnnxValue> output : result) {
          tensors.put(output.getKey(), NativeTensors.copy(output.getKey(), output.getValue()));
        }
        return Outputs.of(tensors);
      }
    } catch (RunException e) {
      throw tokenInputs.reason(e, inputs).<InferenceException>map(reason -> reason).orElse(e);
    } finally {
      natives.values().forEach(OnnxTensor::close);
    }
  }

  NativeSession session() {
    return session;
  }

  /**
   * Waits for the calls that run, then frees what the model holds; calls that wait for their turn
   * or come later end with a {@link ClosedException}. A second time has no effect.
   */
  @Override
  public void close() {
    session.close();
  }

  /**
   * Closes without waiting: the calls that run are stopped between two operators, and end with a
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
