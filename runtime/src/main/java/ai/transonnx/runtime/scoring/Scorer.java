package ai.transonnx.runtime.scoring;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.StatePair;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenVocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Scores tokens with a model from {@code tokens} to {@code logits}: the fewer bits, the better it
 * foresees them. Many threads may use one.
 *
 * <pre>{@code
 * var scorer = Scorer.of(model);
 * scorer.bits(72, 105, 33); // {2.25, 0.5}: of 105 after 72, of 33 after 72 and 105
 * scorer.bitsPerToken(72, 105, 33); // 1.375
 * scorer.bits(72); // RequestException: nothing follows the first token
 * }</pre>
 */
public final class Scorer {
  private final OnnxModel model;

  private Scorer(OnnxModel model) {
    this.model = model;
  }

  /** A scorer that uses {@code model}, which must stay open. */
  public static Scorer of(OnnxModel model) {
    return new Scorer(model);
  }

  /**
   * The mean of {@link #bits(long...)}: the loss of the Python libraries' wrappers, divided by ln
   * 2.
   */
  public double bitsPerToken(long... tokens) {
    return DoubleStream.of(bits(tokens)).average().orElseThrow();
  }

  /** Scores tokens, {@link #bits(long[], Cancellation)}, with no way to end the call early. */
  public double[] bits(long... tokens) {
    return bits(tokens, new Cancellation());
  }

  /**
   * For each token but the first, minus the binary logarithm of the probability that the model
   * gives it after those before it. A text that is longer than a call is scored in parts; if they
   * overlap, each token can have others before it.
   *
   * @throws RequestException if there are fewer than two tokens, more than the model's {@code
   *     max_length} before the last, or one that is not in the vocabulary; or if the model gives
   *     the last position's logits alone
   * @throws ai.transonnx.runtime.InferenceException as {@link OnnxModel#run(java.util.Map, Set,
   *     Cancellation)}
   */
  public double[] bits(long[] tokens, Cancellation cancellation) {
    int n = tokens.length - 1;
    checkLength(tokens);
    var inputs = new HashMap<String, Tensor>();
    inputs.put("tokens", Tensor.ofLongs(Arrays.copyOf(tokens, n), 1, n));
    for (StatePair pair : model.metadata().state()) {
      inputs.put(pair.input(), pair.zeros(1));
    }
    var outputs = model.run(inputs, Set.of("logits"), cancellation);
    var logits = outputs.get("logits"); // [1, n, V]
    return bits(logits, Arrays.copyOfRange(tokens, 1, tokens.length));
  }

  /**
   * For each position, minus the binary logarithm of the probability that the logits give the token
   * that came next.
   *
   * @param logits [1, n, V]
   * @param next n tokens
   * @throws RequestException if the logits are not of n positions, or do not score a token
   */
  public static double[] bits(Tensor logits, long... next) {
    long[] shape = logits.shape();
    if (shape.length != 3 || shape[0] != 1 || shape[1] != next.length) {
      throw new RequestException(
          "the logits of %s positions are wanted, not %s; export the model without --logits last"
              .formatted(next.length, logits));
    }
    int vocabulary = Math.toIntExact(shape[2]);
    new TokenVocabulary(OptionalInt.of(vocabulary)).check(i -> "position " + (i + 1), next);
    float[] scores = logits.floats();
    var bits = new double[next.length];
    for (int i = 0; i < next.length; i++) {
      bits[i] = bits(scores, i * vocabulary, vocabulary, (int) next[i]);
    }
    return bits;
  }

  private void checkLength(long[] tokens) {
    int longest = Math.min(model.metadata().longestCall(), Integer.MAX_VALUE - 1) + 1;
    if (tokens.length < 2 || tokens.length > longest) {
      throw new RequestException(
          "%s tokens cannot be scored; 2 to %s can".formatted(tokens.length, longest));
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
