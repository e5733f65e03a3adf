package ai.transonnx.runtime.generation;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.VectorLoop;
import java.util.Map;

/**
 * Continues sequences of vectors with a model, as {@code generate} of x-transformers' {@code
 * ContinuousAutoregressiveWrapper} does: what follows the last vector becomes the next one.
 *
 * <pre>{@code
 * Tensor prompt = Tensor.ofFloats(new float[160], 1, 10, 16); // [b, n, d]
 * Tensor next = new VectorGenerator(model).generate(prompt, 20); // [1, 20, 16]
 * }</pre>
 */
public final class VectorGenerator {
  private final OnnxModel model;
  private final ContextOverflow fullWindow;

  /** A generator that computes its window anew when it is full, as the library does. */
  public VectorGenerator(OnnxModel model) {
    this(model, ContextOverflow.RECOMPUTE);
  }

  /**
   * @param fullWindow what happens when the model has seen as many vectors as it was made for
   */
  public VectorGenerator(OnnxModel model, ContextOverflow fullWindow) {
    this.model = model;
    this.fullWindow = fullWindow;
  }

  /** Continues sequences with a model that takes nothing else. */
  public Tensor generate(Tensor prompt, int length) {
    return generate(prompt, Map.of(), length, new Cancellation());
  }

  /**
   * Continues sequences.
   *
   * @param prompt float32 {@code [b, n, d]}, n at least 1
   * @param given what the model takes besides vectors and state, such as a context: {@code [b, m,
   *     ...]}
   * @param length how many vectors follow, 0 or more
   * @return {@code [b, length, d]}, without the prompt
   * @throws RequestException if the prompt is not of this shape, or the model takes something else
   *     than is given
   * @throws ai.transonnx.runtime.ModelException if the model does not continue vectors
   * @throws ai.transonnx.runtime.BusyException if as many calls wait as {@link
   *     ai.transonnx.runtime.ModelOptions#runLimit} allows, before the first vector
   * @throws ai.transonnx.runtime.CancelledException if {@code cancellation} ends the generation
   * @throws ai.transonnx.runtime.RunException if the runtime fails
   */
  public Tensor generate(
      Tensor prompt, Map<String, Tensor> given, int length, Cancellation cancellation) {
    var shape = prompt.shape();
    if (prompt.type() != ElementType.FLOAT32 || shape.length != 3 || prompt.size() == 0) {
      throw new RequestException("the prompt is %s, not float32[b, n, d]".formatted(prompt));
    }
    if (length < 0) {
      throw new RequestException("length is " + length + "; 0 or more vectors are possible");
    }
    int batch = Math.toIntExact(shape[0]);
    try (var loop =
        VectorLoop.builder(model).batch(batch).inputs(given).contextOverflow(fullWindow).build()) {
      int features = loop.features();
      if (shape[2] != features) {
        throw new RequestException(
            "the prompt is %s, but the model's vectors have %s numbers"
                .formatted(prompt, features));
      }
      var generated = Tensor.zeros(ElementType.FLOAT32, batch, length, features).floats();
      var next = prompt.floats();
      var row = new float[features];
      for (int step = 0; step < length; step++) {
        loop.feed(next, cancellation);
        next = new float[batch * features];
        for (int b = 0; b < batch; b++) {
          loop.output(b, row);
          System.arraycopy(row, 0, next, b * features, features);
          System.arraycopy(row, 0, generated, (b * length + step) * features, features);
        }
      }
      return Tensor.ofFloats(generated, batch, length, features);
    }
  }
}
