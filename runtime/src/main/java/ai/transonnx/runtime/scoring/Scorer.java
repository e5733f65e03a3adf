package ai.transonnx.runtime.scoring;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenVocabulary;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Scores sequences of tokens with a model from {@code tokens} to {@code logits}. A score is in
 * bits; a lower score is a better prediction. Many threads may use one scorer.
 *
 * <pre>{@code
 * var scorer = Scorer.of(model);
 * scorer.bits(72, 105, 33); // {2.25, 0.5}: of 105 after 72, of 33 after 72 and 105
 * scorer.bitsPerToken(72, 105, 33); // 1.375
 * scorer.bits(72); // RequestException: the first token has no score
 *
 * long[][] texts = {{72, 105, 33}, {72, 105}};
 * scorer.bits(texts, new Cancellation()); // {{2.25, 0.5}, {2.25}}
 * }</pre>
 */
public final class Scorer {
  private static final String LOGITS = "logits";

  /** The limits of a call with several sequences; a single one may be larger. */
  private static final int MAX_POSITIONS = 1 << 12;

  private static final int MAX_LOGITS = 1 << 24;

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

  /** Calls {@link #bits(long[], Cancellation)} without a way to cancel it. */
  public double[] bits(long... tokens) {
    return bits(tokens, new Cancellation());
  }

  /** Scores one sequence, as {@link #bits(long[][], Cancellation)} scores several. */
  public double[] bits(long[] tokens, Cancellation cancellation) {
    return bits(new long[][] {tokens}, cancellation)[0];
  }

  /**
   * For each token except the first of its sequence, minus the binary logarithm of the probability
   * that the model assigns to it after the tokens before it.
   *
   * <p>Sequences of equal length share calls of the model of at most 4,096 positions and 16 million
   * logits, so no sequence is padded. Each score is the same as if the sequence were alone in its
   * call, except for rounding. Split a text that is longer than {@code max_length} into parts; if
   * the parts overlap, each token has a context.
   *
   * @param sequences each 2 or more tokens; they may differ in length
   * @return the scores of each sequence: one fewer than its tokens
   * @throws RequestException if a sequence has fewer than two tokens, or more than the model's
   *     {@code max_length} before the last, or the model returns logits of the last position only;
   *     a {@link ai.transonnx.runtime.TokenException} if a token is not in the vocabulary
   * @throws ai.transonnx.runtime.InferenceException as {@link OnnxModel#run(java.util.Map, Set,
   *     Cancellation)}
   */
  public double[][] bits(long[][] sequences, Cancellation cancellation) {
    var byLength = new TreeMap<Integer, List<Integer>>();
    for (int i = 0; i < sequences.length; i++) {
      check(i, sequences[i]);
      byLength.computeIfAbsent(sequences[i].length, length -> new ArrayList<>()).add(i);
    }
    var bits = new double[sequences.length][];
    for (var group : byLength.values()) {
      int maxRows = maxRows(sequences[group.get(0)].length - 1);
      for (int from = 0; from < group.size(); from += maxRows) {
        var rows = group.subList(from, Math.min(from + maxRows, group.size()));
        score(sequences, rows, bits, cancellation);
      }
    }
    return bits;
  }

  private void check(int sequence, long[] tokens) {
    int longest = Math.min(model.metadata().longestCall(), Integer.MAX_VALUE - 1) + 1;
    if (tokens.length < 2 || tokens.length > longest) {
      throw new RequestException(
          "sequence %s has %s tokens; 2 to %s are possible"
              .formatted(sequence, tokens.length, longest));
    }
    String ofSequence = " of sequence " + sequence;
    model
        .inputVocabulary()
        .check(i -> "position " + i + ofSequence, Arrays.copyOf(tokens, tokens.length - 1));
    new TokenVocabulary(model.vocabulary())
        .check(
            i -> "position " + (i + 1) + ofSequence, Arrays.copyOfRange(tokens, 1, tokens.length));
  }

  /** The number of sequences that share a call, each of {@code n} positions. */
  private int maxRows(int n) {
    long logits = (long) n * model.vocabulary().orElse(MAX_LOGITS);
    long max = Math.max(1, Math.min(MAX_POSITIONS / n, MAX_LOGITS / logits));
    return (int) Math.min(fixedBatch().orElse(max), Integer.MAX_VALUE);
  }

  private OptionalLong fixedBatch() {
    var tokens = model.signature().input(OnnxModel.TOKENS);
    return tokens.isPresent() ? tokens.get().fixedSize(0) : OptionalLong.empty();
  }

  /** Scores the sequences of these indices, which have one length, in one call. */
  private void score(
      long[][] sequences, List<Integer> indices, double[][] bits, Cancellation cancellation) {
    int n = sequences[indices.get(0)].length - 1;
    // A model with a fixed batch size computes the last sequence in the rows that are left.
    int rows = (int) fixedBatch().orElse(indices.size());
    var tokens = LongBuffer.allocate(Math.multiplyExact(rows, n));
    for (int row = 0; row < rows; row++) {
      tokens.put(sequences[indices.get(Math.min(row, indices.size() - 1))], 0, n);
    }
    var inputs = new HashMap<String, Tensor>();
    inputs.put(OnnxModel.TOKENS, Tensor.ofLongs(tokens.array(), rows, n));
    if (model.signature().input(OnnxModel.START).isPresent()) {
      inputs.put(OnnxModel.START, Tensor.zeros(ElementType.INT64, rows)); // no row has padding
    }
    for (StateTensor pair : model.metadata().state()) {
      inputs.put(pair.input(), Tensor.zeros(pair, rows));
    }
    var logits = model.run(inputs, Set.of(LOGITS), cancellation).get(LOGITS); // [rows, n, V]
    checkShape(logits, rows, n);
    float[] scores = logits.floats();
    int vocabulary = Math.toIntExact(logits.shape()[2]);
    for (int row = 0; row < indices.size(); row++) {
      var next = Arrays.copyOfRange(sequences[indices.get(row)], 1, n + 1);
      bits[indices.get(row)] = bits(scores, row * n, vocabulary, next);
    }
  }

  /**
   * For each position, minus the binary logarithm of the probability that the logits assign to the
   * token after it.
   *
   * @param logits [1, n, V]
   * @param next the n tokens after the positions
   * @throws RequestException if the logits have another shape; a {@link
   *     ai.transonnx.runtime.TokenException} if they do not score a token
   */
  public static double[] bits(Tensor logits, long... next) {
    checkShape(logits, 1, next.length);
    return bits(logits.floats(), 0, Math.toIntExact(logits.shape()[2]), next);
  }

  private static void checkShape(Tensor logits, int rows, int n) {
    long[] shape = logits.shape();
    if (shape.length != 3 || shape[0] != rows || shape[1] != n) {
      throw new RequestException(
          "logits are %s; expected are [%s, %s, V], with scores at each position; export the model with the logits of all positions"
              .formatted(logits, rows, n));
    }
  }

  /**
   * Scores the tokens of one row.
   *
   * @param position the index of the row's first position
   */
  private static double[] bits(float[] logits, int position, int vocabulary, long... next) {
    new TokenVocabulary(OptionalInt.of(vocabulary)).check(i -> "position " + (i + 1), next);
    var bits = new double[next.length];
    for (int i = 0; i < next.length; i++) {
      bits[i] = bits(logits, (position + i) * vocabulary, vocabulary, (int) next[i]);
    }
    return bits;
  }

  /** Minus the binary logarithm of a token's softmax over the logits from index {@code at} on. */
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
