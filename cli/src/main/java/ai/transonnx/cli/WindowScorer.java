package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.quality.Causality;
import ai.transonnx.runtime.quality.ModelComparison;
import ai.transonnx.runtime.scoring.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Scores sequences of any length in windows, which do not overlap: each starts without a past, and
 * each token after the first of its sequence is scored once.
 */
final class WindowScorer {
  private static final String LOGITS = "logits";

  /** The windows of a call of the scorer, which computes those of equal length together. */
  private static final int GROUP = 64;

  private final OnnxModel model;
  private final Scorer scorer;
  private final int context;

  private WindowScorer(OnnxModel model, int context) {
    this.model = model;
    this.scorer = Scorer.of(model);
    this.context = context;
  }

  /**
   * A scorer of a model.
   *
   * @param context the maximum number of positions of a window; empty for the default
   * @throws InputException if the model does not score tokens alone, or the context is not possible
   */
  static WindowScorer of(OnnxModel model, OptionalInt context) {
    checkSignature(model);
    long fixed = model.signature().input(OnnxModel.TOKENS).orElseThrow().fixedSize(1).orElse(0);
    int longest =
        isStepped(model)
            ? model.metadata().maxLength().orElse(Integer.MAX_VALUE)
            : model.metadata().longestCall();
    longest = (int) Math.min(longest, fixed == 0 || isStepped(model) ? longest : fixed);
    int wanted = context.orElse(Math.min(longest, ModelComparison.DEFAULT_CONTEXT));
    if (wanted < 1 || wanted > longest) {
      throw new InputException(
          "--context is %s; %s allows 1 to %s".formatted(wanted, model.file(), longest));
    }
    return new WindowScorer(model, wanted);
  }

  private static void checkSignature(OnnxModel model) {
    var signature = model.signature();
    var others = new TreeMap<>(signature.inputs());
    others.remove(OnnxModel.START);
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    if (others.remove(OnnxModel.TOKENS) == null || signature.output(LOGITS).isEmpty()) {
      throw new InputException(
          "%s: it does not predict tokens; a model with the input 'tokens' and the output 'logits' is needed"
              .formatted(model.file()));
    }
    if (!others.isEmpty()) {
      throw new InputException(
          "%s: it has inputs besides tokens, for which a text has no values: %s"
              .formatted(model.file(), others.values()));
    }
  }

  /** Whether the model continues a sequence and has only the logits of the last position. */
  private static boolean isStepped(OnnxModel model) {
    var metadata = model.metadata();
    return metadata.incremental()
        && !metadata.state().isEmpty()
        && model.signature().output(LOGITS).orElseThrow().fixedSize(1).orElse(0) == 1;
  }

  int context() {
    return context;
  }

  /**
   * Checks sequences before any of them is scored.
   *
   * @throws InputException if one has fewer than two tokens, or the model does not predict the next
   *     token
   * @throws ai.transonnx.runtime.TokenException if a token is not in the vocabulary
   */
  void check(List<ScoredTokens.Sequence> sequences) {
    var predicted = new TokenVocabulary(model.vocabulary());
    for (var sequence : sequences) {
      var tokens = sequence.tokens();
      if (tokens.length < 2) {
        throw new InputException(
            "%s has %s; 2 tokens or more can be scored"
                .formatted(sequence.name(), tokens.length == 0 ? "no token" : "1 token"));
      }
      model
          .inputVocabulary()
          .check(
              i -> "position %s of %s".formatted(i, sequence.name()),
              Arrays.copyOf(tokens, tokens.length - 1));
      predicted.check(
          i -> "position %s of %s".formatted(i + 1, sequence.name()),
          Arrays.copyOfRange(tokens, 1, tokens.length));
    }
    var first = sequences.get(0).tokens();
    var known = Arrays.copyOf(first, first.length - 1);
    if (!Causality.isCausal(model, known, context, new Cancellation())) {
      throw new InputException(
          "%s: its predictions depend on the tokens after them, as those of a masked language model; there is no probability of the next token"
              .formatted(model.file()));
    }
  }

  /** Scores a sequence of 2 or more tokens. */
  SequenceScore score(long... tokens) {
    var windows = new ArrayList<long[]>();
    for (int start = 0; start < tokens.length - 1; start += context) {
      int end = (int) Math.min((long) start + context + 1, tokens.length);
      windows.add(Arrays.copyOfRange(tokens, start, end));
    }
    var logs = new double[tokens.length - 1];
    int done = 0;
    for (int from = 0; from < windows.size(); from += GROUP) {
      for (var bits : bits(windows.subList(from, Math.min(from + GROUP, windows.size())))) {
        for (double value : bits) {
          logs[done++] = -value * Math.log(2);
        }
      }
    }
    return new SequenceScore(tokens, logs);
  }

  /** The bits of each token but the first of each window. */
  private List<double[]> bits(List<long[]> windows) {
    if (isStepped(model)) {
      return windows.stream().map(this::stepped).toList();
    }
    int fixed =
        (int) model.signature().input(OnnxModel.TOKENS).orElseThrow().fixedSize(1).orElse(0);
    // Tokens after a window do not change the scores in it.
    var padded =
        windows.stream()
            .map(window -> fixed == 0 ? window : Arrays.copyOf(window, fixed + 1))
            .toArray(long[][]::new);
    var bits = scorer.bits(padded, new Cancellation());
    var cut = new ArrayList<double[]>();
    for (int i = 0; i < bits.length; i++) {
      cut.add(Arrays.copyOf(bits[i], windows.get(i).length - 1));
    }
    return cut;
  }

  private double[] stepped(long... window) {
    var bits = new double[window.length - 1];
    try (var loop = TokenLoop.of(model)) {
      float[] logits = {};
      for (int i = 0; i < bits.length; i++) {
        loop.feed(window[i]);
        if (i == 0) {
          logits = new float[loop.vocabulary()];
        }
        loop.logits(0, logits);
        bits[i] = Scorer.bits(Tensor.ofFloats(logits, 1, 1, logits.length), window[i + 1])[0];
      }
    }
    return bits;
  }
}
