package ai.transonnx.runtime.scoring;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.StatePair;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Objects;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Scores tokens with a model from {@code tokens} to {@code logits}: the fewer bits, the better it
 * foresees them. Many threads may use one.
 *
 * <pre>{@code
 * var scorer = new Scorer(model);
 * scorer.bits(72, 105, 33); // {2.25, 0.5}: of 105 after 72, of 33 after 72 and 105
 * scorer.bitsPerToken(72, 105, 33); // 1.375
 * scorer.bits(72); // RequestException: nothing follows the first token
 * }</pre>
 */
public final class Scorer {
  private final OnnxModel model;

  public Scorer(OnnxModel model) {
    this.model = model;
  }

  /** The mean of {@link #bits}: the loss of the Python libraries' wrappers, divided by ln 2. */
  public double bitsPerToken(long... tokens) {
    return DoubleStream.of(bits(tokens)).average().orElseThrow();
  }

  /**
   * For each token but the first, minus the binary logarithm of the probability that the model
   * gives it after those before it.
   *
   * @throws RequestException if there are fewer than two tokens, more than the model's {@code
   *     max_length} before the last, or one that is not in the vocabulary
   */
  public double[] bits(long... tokens) {
    int n = tokens.length - 1;
    check(tokens);
    var inputs = new HashMap<String, Tensor>();
    inputs.put("tokens", Tensor.ofLongs(Arrays.copyOf(tokens, n), 1, n));
    for (StatePair pair : model.metadata().state()) {
      inputs.put(pair.input(), pair.zeros(1));
    }
    var outputs = model.run(inputs, Set.of("logits"), new Cancellation());
    float[] logits = Objects.requireNonNull(outputs.get("logits")).floats(); // [n * V]
    return bits(logits, Arrays.copyOfRange(tokens, 1, tokens.length));
  }

  /**
   * For each position, minus the binary logarithm of the probability that the logits give the token
   * that came next.
   *
   * @param logits [n, V], row-major
   * @param next n tokens of the vocabulary
   */
  public static double[] bits(float[] logits, long[] next) {
    int vocabulary = logits.length / next.length;
    var bits = new double[next.length];
    for (int i = 0; i < next.length; i++) {
      bits[i] = bits(logits, i * vocabulary, vocabulary, (int) next[i]);
    }
    return bits;
  }

  private void check(long[] tokens) {
    int longest = Math.min(model.metadata().longestCall(), Integer.MAX_VALUE - 1) + 1;
    if (tokens.length < 2 || tokens.length > longest) {
      throw new RequestException(
          "%d tokens cannot be scored; 2 to %d can".formatted(tokens.length, longest));
    }
    int vocabulary =
        model
            .vocabulary()
            .orElseThrow(() -> new RequestException(model.file() + " scores no vocabulary"));
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabulary) {
        throw TokenException.of(tokens[i], "position " + i, vocabulary);
      }
    }
  }

  /** Minus the binary logarithm of the softmax, at {@code token}, of the logits from {@code at}. */
  private static double bits(float[] logits, int at, int vocabulary, int token) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + vocabulary; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = at; i < at + vocabulary; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return (Math.log(sum) + max - logits[at + token]) / Math.log(2);
  }
}
