package ai.transonnx.runtime.generation;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.VectorLoop;

/**
 * Continues sequences of vectors with a model, as {@code generate} of x-transformers' {@code
 * ContinuousAutoregressiveWrapper} does: the output at the last position is the next vector.
 * Threads may share a generator.
 *
 * <pre>{@code
 * Tensor prompt = Tensor.ofFloats(new float[160], 1, 10, 16); // [b, n, d]
 * Tensor next = VectorGenerator.of(model).generate(prompt, 20); // [1, 20, 16]
 * }</pre>
 */
public final class VectorGenerator {
  private final OnnxModel model;

  private VectorGenerator(OnnxModel model) {
    this.model = model;
  }

  /** A generator that uses a loaded model, which stays open. */
  public static VectorGenerator of(OnnxModel model) {
    return new VectorGenerator(model);
  }

  /** Continues sequences; see {@link #generate(VectorGenerationRequest, Cancellation)}. */
  public Tensor generate(Tensor prompt, int length) {
    return generate(VectorGenerationRequest.builder(prompt, length).build());
  }

  /**
   * Generates without a way to cancel; see {@link #generate(VectorGenerationRequest,
   * Cancellation)}.
   */
  public Tensor generate(VectorGenerationRequest request) {
    return generate(request, new Cancellation());
  }

  /**
   * Continues the sequences of a request.
   *
   * @return {@code [b, length, d]}, without the prompt; float64 if the model is, else float32
   * @throws RequestException if the model's vectors have another size than the prompt's, or an
   *     input is missing or unknown
   * @throws ai.transonnx.runtime.ModelException if the model does not continue vectors
   * @throws ai.transonnx.runtime.BusyException before the first vector, if as many calls wait as
   *     {@link ai.transonnx.runtime.ModelOptions#runLimit} allows
   * @throws ai.transonnx.runtime.CancelledException if {@code cancellation} ends the generation
   * @throws ai.transonnx.runtime.RunException if the runtime fails
   */
  public Tensor generate(VectorGenerationRequest request, Cancellation cancellation) {
    var prompt = request.prompt();
    int length = request.length();
    int batch = Math.toIntExact(prompt.shape()[0]);
    var builder = VectorLoop.builder(model).batch(batch).inputs(request.inputs());
    try (var loop = builder.contextOverflow(request.contextOverflow()).build()) {
      int features = loop.features();
      if (prompt.shape()[2] != features) {
        throw new RequestException(
            "the prompt is %s, but the model's vectors have %s numbers"
                .formatted(prompt, features));
      }
      var generated = Tensor.zeros(ElementType.FLOAT64, batch, length, features).doubles();
      var next = prompt.doubles();
      var row = new double[features];
      for (int step = 0; step < length; step++) {
        loop.feed(next, cancellation);
        next = new double[batch * features];
        for (int b = 0; b < batch; b++) {
          loop.output(b, row);
          System.arraycopy(row, 0, next, b * features, features);
          System.arraycopy(row, 0, generated, (b * length + step) * features, features);
        }
      }
      return Tensor.ofDoubles(generated, batch, length, features).as(loop.type());
    }
  }
}
