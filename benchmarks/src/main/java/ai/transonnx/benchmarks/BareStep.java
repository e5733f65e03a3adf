package ai.transonnx.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A decode step after a prompt, as a call of ONNX Runtime's Java API that can be repeated: every
 * map and tensor is made once, and all outputs have memory of their own or, if the role of the
 * state allows it, that of the input.
 */
final class BareStep implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final OrtSession.Result prefill;
  private final FloatBuffer logits;

  /**
   * Loads a file and feeds a prompt.
   *
   * @param model the same file, whose output {@code logits} has the last position only
   */
  BareStep(Path file, OnnxModel model, long... prompt) throws OrtException {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(file.toString(), options);
    }
    var state = model.metadata().state();
    for (var pair : state) {
      inputs.put(pair.input(), zeros(pair, pair.firstShape(1)));
    }
    inputs.put(OnnxModel.TOKENS, tokens(prompt));
    prefill = session.run(inputs);
    inputs.values().forEach(OnnxTensor::close);
    for (var pair : state) {
      var present = (OnnxTensor) prefill.get(pair.output()).orElseThrow();
      boolean isInPlace =
          switch (pair.role()) {
            case BUFFER, RING, GROUP, CONTEXT -> true;
            case RECURRENT, COUNTER, MEMORY, WINDOW -> false;
          };
      inputs.put(pair.input(), present);
      outputs.put(pair.output(), isInPlace ? present : zeros(pair, present.getInfo().getShape()));
    }
    inputs.put(OnnxModel.TOKENS, tokens(1));
    int vocabulary = model.vocabulary().orElseThrow();
    logits = direct((long) vocabulary * Float.BYTES).asFloatBuffer();
    outputs.put(
        "logits", OnnxTensor.createTensor(environment, logits, new long[] {1, 1, vocabulary}));
  }

  private OnnxTensor tokens(long... tokens) throws OrtException {
    return OnnxTensor.createTensor(
        environment, LongBuffer.wrap(tokens), new long[] {1, tokens.length});
  }

  private OnnxTensor zeros(StateTensor pair, long... shape) throws OrtException {
    long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    var buffer = direct(elements * pair.type().bytes());
    return switch (pair.type()) {
      case FLOAT32 -> OnnxTensor.createTensor(environment, buffer.asFloatBuffer(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, buffer.asLongBuffer(), shape);
      default -> throw new IllegalArgumentException("expected a model of float32, not " + pair);
    };
  }

  private static ByteBuffer direct(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Runs the step and copies its logits. */
  void run(float[] target) throws OrtException {
    session.run(inputs, Set.of(), outputs, null).close();
    logits.get(0, target);
  }

  @Override
  public void close() throws OrtException {
    session.close();
    prefill.close();
    Stream.concat(inputs.values().stream(), outputs.values().stream())
        .filter(tensor -> !tensor.isClosed())
        .forEach(OnnxTensor::close);
  }
}
