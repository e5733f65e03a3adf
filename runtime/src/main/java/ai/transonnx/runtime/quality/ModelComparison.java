package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TokenVocabulary;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/**
 * Compares the predictions of a candidate, such as a quantized model, with those of a reference,
 * over sequences of tokens. Both are models from {@code tokens} to {@code logits}, incremental or
 * not; they may have different types, targets and state.
 *
 * <pre>{@code
 * try (var candidate = OnnxModel.load(Path.of("model-int4.onnx"));
 *     var reference = OnnxModel.load(Path.of("model.onnx"))) {
 *   var report = ModelComparison.builder(candidate, reference).build().compare(tokens);
 *   report.divergence().mean(); // 0.0053
 *   report.perplexity().ratio(); // 1.0031
 * }
 * }</pre>
 *
 * <p>A sequence that is longer than the context is cut into windows that do not overlap. Each
 * starts without a past, and each token after the first of its sequence is predicted once. If the
 * logits of a position depend on the tokens after it, as those of a masked language model do, all
 * positions are compared and there is no perplexity. This is measured: the reference computes some
 * positions twice, with different tokens after them.
 *
 * <p>Memory is bounded by the logits of one window, and a number for each position. If neither
 * model is incremental, the reference's logits of a window are in a temporary file while the
 * candidate computes its own. Immutable; threads may share it.
 */
public final class ModelComparison {
  /** The context of models without a limit, and of those with a larger one. */
  public static final int DEFAULT_CONTEXT = 2048;

  private static final int MAX_TOKENS = 1 << 28;

  private final TokenModel candidate;
  private final TokenModel reference;
  private final int context;
  private final LongConsumer progress;

  private ModelComparison(Builder builder) {
    this.candidate = TokenModel.of(builder.candidate);
    this.reference = TokenModel.of(builder.reference);
    this.progress = builder.progress;
    checkVocabularies(candidate.model().vocabulary(), reference.model().vocabulary());
    int longest = Math.min(candidate.longestWindow(), reference.longestWindow());
    int wanted = builder.context.orElse(Math.min(longest, DEFAULT_CONTEXT));
    if (wanted < 1 || wanted > longest) {
      throw new RequestException(
          "the context is %s; %s allows 1 to %s"
              .formatted(
                  wanted,
                  longest == candidate.longestWindow()
                      ? candidate.model().file()
                      : reference.model().file(),
                  longest));
    }
    this.context = wanted;
  }

  /** A comparison of a candidate with a reference. Both must stay open while they are compared. */
  public static Builder builder(OnnxModel candidate, OnnxModel reference) {
    return new Builder(candidate, reference);
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private final OnnxModel candidate;
    private final OnnxModel reference;
    private OptionalInt context = OptionalInt.empty();
    private LongConsumer progress = done -> {};

    private Builder(OnnxModel candidate, OnnxModel reference) {
      this.candidate = candidate;
      this.reference = reference;
    }

    /**
     * The maximum number of positions of a window; by default, the smaller {@code max_length} of
     * the models, but at most {@value #DEFAULT_CONTEXT}.
     */
    public Builder context(int positions) {
      context = OptionalInt.of(positions);
      return this;
    }

    /** A listener to the number of compared positions. */
    public Builder progress(LongConsumer listener) {
      progress = listener;
      return this;
    }

    /**
     * The comparison.
     *
     * @throws ai.transonnx.runtime.ModelException if a model has no logits, has inputs besides
     *     tokens and state, or returns the logits of the last position of several only
     * @throws RequestException if the models have vocabularies of different sizes, or the context
     *     is larger than one of them allows
     */
    public ModelComparison build() {
      return new ModelComparison(this);
    }
  }

  /** Calls {@link #compare(long[][], Cancellation)} without a way to cancel it. */
  public QualityReport compare(long[]... sequences) {
    return compare(sequences, new Cancellation());
  }

  /**
   * Compares the models.
   *
   * @param sequences each 2 or more tokens
   * @throws RequestException if there is no sequence, or one has fewer than 2 tokens; a {@link
   *     ai.transonnx.runtime.TokenException} if a token is not in the vocabulary
   * @throws ai.transonnx.runtime.InferenceException as {@link OnnxModel#run(java.util.Map,
   *     java.util.Set, Cancellation)}; a {@link RunException} if the reference's logits are not
   *     finite
   */
  public QualityReport compare(long[][] sequences, Cancellation cancellation) {
    check(sequences);
    var buffer = new LogitsBuffer();
    try (var ofCandidate = new WindowLogits(candidate, buffer);
        var ofReference = reference(buffer)) {
      boolean isCausal = isCausal(sequences[0], cancellation);
      var windows = new TokenWindows(sequences, context, isCausal, requiredLength(isCausal));
      var figures = new QualityFigures(windows.positions(), windows.longest());
      long done = 0;
      for (var window : windows.all()) {
        compare(window, ofCandidate, ofReference, figures, cancellation);
        done += window.end() - window.start();
        progress.accept(done);
      }
      return new QualityReport(
          candidate.model().file().toString(),
          reference.model().file().toString(),
          context,
          sequences.length,
          windows.positions(),
          figures.divergence(),
          figures.top1(),
          isCausal ? figures.perplexity() : null,
          figures.distribution(),
          figures.profile());
    }
  }

  private LogitsSource reference(LogitsBuffer buffer) {
    var source = new WindowLogits(reference, buffer);
    return candidate.isIncremental() || reference.isIncremental()
        ? source
        : StoredLogits.of(source);
  }

  private boolean isCausal(long[] tokens, Cancellation cancellation) {
    return candidate.isIncremental()
        || Causality.isCausal(reference.model(), tokens, context, cancellation);
  }

  /** The number of positions that each window must have; 1 if any number is possible. */
  private int requiredLength(boolean isCausal) {
    // Padding after a window changes its logits, unless they are causal.
    return isCausal ? 1 : Math.max(candidate.padded(1), reference.padded(1));
  }

  private void compare(
      TokenWindows.Window window,
      LogitsSource ofCandidate,
      LogitsSource ofReference,
      QualityFigures figures,
      Cancellation cancellation) {
    var tokens = window.tokens();
    ofReference.start(tokens, cancellation);
    ofCandidate.start(tokens, cancellation);
    for (int i = 0; i < tokens.length; i++) {
      double[] expected = ofReference.next();
      double[] actual = ofCandidate.next();
      checkVocabularies(OptionalInt.of(actual.length), OptionalInt.of(expected.length));
      var comparison = PositionComparison.of(expected, actual);
      if (!Double.isFinite(comparison.referenceLogSum())) {
        throw new RunException(
            "%s: its logits at position %s of sequence %s are not finite, so nothing can be compared with them"
                .formatted(reference.model().file(), window.start() + i, window.sequence()));
      }
      figures.add(i, comparison);
      if (window.isPredicted()) {
        int token = window.next(i);
        if (token >= expected.length) {
          throw new TokenVocabulary(OptionalInt.of(expected.length))
              .refusal(token, location(window.start() + i + 1, window.sequence()));
        }
        figures.addToken(
            comparison.referenceLogSum() - expected[token],
            comparison.candidateLogSum() - actual[token]);
      }
    }
  }

  private void check(long[]... sequences) {
    if (sequences.length == 0) {
      throw new RequestException("there are no tokens; a comparison needs 2 or more");
    }
    long tokens = 0;
    for (int i = 0; i < sequences.length; i++) {
      int sequence = i;
      if (sequences[i].length < 2) {
        throw new RequestException(
            "sequence %s has %s; a comparison needs 2 tokens or more"
                .formatted(i, sequences[i].length == 0 ? "no token" : "1 token"));
      }
      for (var model : new TokenModel[] {candidate, reference}) {
        model.model().inputVocabulary().check(at -> location(at, sequence), sequences[i]);
      }
      tokens += sequences[i].length;
    }
    if (tokens > MAX_TOKENS) {
      throw new RequestException(
          "%s tokens are given; at most %s can be compared at once".formatted(tokens, MAX_TOKENS));
    }
  }

  private static String location(int position, int sequence) {
    return "position %s of sequence %s".formatted(position, sequence);
  }

  private void checkVocabularies(OptionalInt ofCandidate, OptionalInt ofReference) {
    if (ofCandidate.isPresent() && ofReference.isPresent() && !ofCandidate.equals(ofReference)) {
      throw new RequestException(
          "%s has logits of %s tokens, %s of %s; models of one vocabulary can be compared"
              .formatted(
                  candidate.model().file(),
                  ofCandidate.getAsInt(),
                  reference.model().file(),
                  ofReference.getAsInt()));
    }
  }
}
