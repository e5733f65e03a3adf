package ai.transonnx.runtime.generation;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import java.util.Map;

/**
 * The input of one generation of vectors. Immutable; threads may share it.
 *
 * <pre>{@code
 * Tensor prompt = Tensor.ofFloats(new float[160], 1, 10, 16); // [b, n, d]
 * VectorGenerationRequest.builder(prompt, 20)
 *     .contextOverflow(ContextOverflow.SLIDE)
 *     .build();
 * VectorGenerationRequest.builder(prompt, -1).build(); // RequestException
 * }</pre>
 */
public final class VectorGenerationRequest {
  private final Tensor prompt;
  private final int length;
  private final Map<String, Tensor> inputs;
  private final ContextOverflow contextOverflow;

  private VectorGenerationRequest(Builder builder) {
    this.prompt = builder.prompt;
    this.length = builder.length;
    this.inputs = Map.copyOf(builder.inputs);
    this.contextOverflow = builder.contextOverflow;
  }

  /**
   * A request to continue sequences of vectors.
   *
   * @param prompt float32 or float64 {@code [b, n, d]}, n at least 1
   * @param length the number of new vectors per sequence, 0 or more
   */
  public static Builder builder(Tensor prompt, int length) {
    return new Builder(prompt, length);
  }

  /** The sequences to continue, float32 or float64 {@code [b, n, d]}. */
  public Tensor prompt() {
    return prompt;
  }

  /** The number of new vectors per sequence. */
  public int length() {
    return length;
  }

  /** The model's inputs besides vectors and state, by name. */
  public Map<String, Tensor> inputs() {
    return inputs;
  }

  /** The behaviour when the context window is full. */
  public ContextOverflow contextOverflow() {
    return contextOverflow;
  }

  /** Collects the parts of a request: by default no other inputs, and RECOMPUTE. */
  public static final class Builder {
    private final Tensor prompt;
    private final int length;
    private Map<String, Tensor> inputs = Map.of();
    private ContextOverflow contextOverflow = ContextOverflow.RECOMPUTE;

    private Builder(Tensor prompt, int length) {
      this.prompt = prompt;
      this.length = length;
    }

    /** Sets the model's inputs besides vectors and state: a context {@code [b, m, ...]}. */
    public Builder inputs(Map<String, Tensor> inputs) {
      this.inputs = inputs;
      return this;
    }

    /** Sets the behaviour when the context window is full. */
    public Builder contextOverflow(ContextOverflow contextOverflow) {
      this.contextOverflow = contextOverflow;
      return this;
    }

    /**
     * Builds the request.
     *
     * @throws RequestException if the prompt has another type or shape, or {@code length} is
     *     negative
     */
    public VectorGenerationRequest build() {
      boolean isWide = prompt.type() == ElementType.FLOAT32 || prompt.type() == ElementType.FLOAT64;
      if (!isWide || prompt.shape().length != 3 || prompt.size() == 0) {
        throw new RequestException(
            "the prompt is %s, not float32[b, n, d] or float64[b, n, d]".formatted(prompt));
      }
      if (length < 0) {
        throw new RequestException("length is " + length + "; it must be 0 or more");
      }
      return new VectorGenerationRequest(this);
    }
  }
}
