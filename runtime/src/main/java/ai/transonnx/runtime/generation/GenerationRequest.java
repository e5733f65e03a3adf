package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The input of one generation: prompts, the model's other inputs, options, and a listener.
 *
 * <pre>{@code
 * var options = GenerationOptions.builder(20).greedy().build();
 * var source = Tensor.ofLongs(new long[] {4, 5, 6}, 1, 3); // of an encoder-decoder
 * GenerationRequest.builder(new long[][] {{1}}, options)
 *     .inputs(Map.of("src", source))
 *     .listener((row, token) -> System.out.println(token))
 *     .build();
 * }</pre>
 */
public final class GenerationRequest {
  private final long[][] prompts;
  private final GenerationOptions options;
  private final Map<String, Tensor> inputs;
  private final TokenListener listener;
  private final Optional<Tokenizer> tokenizer;
  private final List<Amateur> amateurs;
  private final Optional<double[][]> numbers;

  private GenerationRequest(Builder builder) {
    this.prompts = Stream.of(builder.prompts).map(long[]::clone).toArray(long[][]::new);
    this.options =
        builder.amateurs.isEmpty() && builder.options.beams().isEmpty()
            ? builder.options
            : builder.options.withoutDefaultFilter();
    this.inputs = Map.copyOf(builder.inputs);
    this.listener = builder.listener;
    this.tokenizer = Optional.ofNullable(builder.tokenizer);
    this.amateurs = List.copyOf(builder.amateurs);
    this.numbers =
        Optional.ofNullable(builder.numbers)
            .map(rows -> Stream.of(rows).map(double[]::clone).toArray(double[][]::new));
  }

  /**
   * A request to continue prompts.
   *
   * @param prompts the tokens of each row, 1 or more; rows may have different lengths
   */
  public static Builder builder(long[][] prompts, GenerationOptions options) {
    return new Builder(prompts, options);
  }

  /**
   * A request to continue texts.
   *
   * @param tokenizer encodes the prompts and decodes the new tokens; it stays open
   * @param prompts the text of each row, which has 1 or more tokens
   * @throws ai.transonnx.runtime.RequestException if a text cannot be encoded
   */
  public static Builder builder(
      Tokenizer tokenizer, List<String> prompts, GenerationOptions options) {
    var tokens = prompts.stream().map(tokenizer::encode).toArray(long[][]::new);
    return new Builder(tokens, options).tokenizer(tokenizer);
  }

  /** The number of rows. */
  public int rows() {
    return prompts.length;
  }

  /** The prompt of a row. */
  public long[] prompt(int row) {
    return prompts[row].clone();
  }

  /** The number of new tokens and how they are selected. */
  public GenerationOptions options() {
    return options;
  }

  /** The model's inputs besides tokens and state, by name. */
  public Map<String, Tensor> inputs() {
    return inputs;
  }

  /** Receives each new token. */
  public TokenListener listener() {
    return listener;
  }

  /** Decodes the new tokens; if there is none, the generation has no text. */
  public Optional<Tokenizer> tokenizer() {
    return tokenizer;
  }

  /** Whether the logits of other models are subtracted: see {@link Builder#amateur}. */
  public boolean isContrastive() {
    return !amateurs.isEmpty();
  }

  /** Whether the request has the numbers of its prompts' tokens. */
  boolean hasNumbers() {
    return numbers.isPresent();
  }

  /** The numbers of a prompt's tokens; NaN for all of them if the request has none. */
  double[] numbers(int row) {
    if (numbers.isPresent()) {
      return numbers.get()[row].clone();
    }
    var none = new double[prompts[row].length];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  /** The models whose logits are subtracted, in this order. */
  List<Amateur> amateurs() {
    return amateurs;
  }

  /**
   * Collects the parts of a request: by default no other inputs, listener, tokenizer, or amateur.
   */
  public static final class Builder {
    private final long[][] prompts;
    private final GenerationOptions options;
    private Map<String, Tensor> inputs = Map.of();
    private TokenListener listener = (row, token) -> {};
    private @Nullable Tokenizer tokenizer;
    private final List<Amateur> amateurs = new ArrayList<>();
    private double @Nullable [][] numbers;

    private Builder(long[][] prompts, GenerationOptions options) {
      this.prompts = prompts;
      this.options = options;
    }

    /**
     * Sets the model's inputs besides tokens and state, by name: a context or the source of an
     * encoder-decoder, {@code [b, m, ...]} with a row for each prompt, or a mask that all rows
     * share.
     */
    public Builder inputs(Map<String, Tensor> inputs) {
      this.inputs = inputs;
      return this;
    }

    /** Sets the receiver of each new token. */
    public Builder listener(TokenListener listener) {
      this.listener = listener;
      return this;
    }

    /** Sets the decoder of the new tokens, which stays open. */
    public Builder tokenizer(Tokenizer tokenizer) {
      this.tokenizer = tokenizer;
      return this;
    }

    /**
     * Adds a model whose logits are subtracted from those of the generator's model, which is the
     * expert: contrastive decoding, as {@code amateur_model} of x-transformers since 1.22.1. The
     * amateur has the same vocabulary, and gets those of the inputs that it has. As in the library,
     * sampling without filters of its own then has none, instead of the default.
     *
     * @param model stays open
     */
    public Builder amateur(OnnxModel model, ContrastiveDecoding contrast) {
      amateurs.add(new Amateur(model, contrast));
      return this;
    }

    /**
     * Sets the numbers of the prompts' tokens, for a model with a number token, such as an {@code
     * XValTransformerWrapper}. {@link Generation#numbers} has those of the new tokens.
     *
     * @param numbers for each row as many as it has tokens: the values of the number tokens; those
     *     of other tokens have no effect
     */
    public Builder numbers(double[][] numbers) {
      this.numbers = numbers;
      return this;
    }

    /**
     * Builds the request. {@link Generator#generate} checks it against the model.
     *
     * @throws RequestException if there are stop texts and no tokenizer, or the numbers are not as
     *     many as the tokens
     */
    public GenerationRequest build() {
      checkNumbers();
      if (tokenizer == null && !options.stopTexts().isEmpty()) {
        throw new RequestException("stop texts need a tokenizer");
      }
      return new GenerationRequest(this);
    }

    private void checkNumbers() {
      if (numbers == null) {
        return;
      }
      for (int row = 0; row < Math.max(prompts.length, numbers.length); row++) {
        int tokens = row < prompts.length ? prompts[row].length : 0;
        int given = row < numbers.length ? numbers[row].length : 0;
        if (tokens != given) {
          throw new RequestException(
              "row %s has %s tokens and %s numbers; give one number for each token"
                  .formatted(row, tokens, given));
        }
      }
    }
  }
}
